import { once } from 'node:events'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'

/** A client over TLS that believes every certificate. Rejects when no handshake comes about. */
export async function tlsClient(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
  await once(socket, 'secureConnect')
  socket.on('error', () => undefined)
  return socket
}

/** Asks once and resolves with all that came, in latin1, as soon as the answer is whole. */
export async function askOver(socket: TLSSocket, head: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  const onData = (bytes: Buffer): void => {
    text += bytes.toString('latin1')
    const [top = '', body = ''] = text.split('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(top)?.[1] ?? NaN)
    if (body.length >= length) resolve(text)
  }
  socket.on('data', onData).once('close', () => resolve(text))
  socket.write(head, 'latin1')
  try {
    return await promise
  } finally {
    socket.off('data', onData)
  }
}
