import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { TlsAnswer } from './tls-choice.ts'

/** Agrees upon TLS. Resolves with nothing when that fails; then the connection is over. */
export async function handshake(socket: Socket, answer: TlsAnswer): Promise<TLSSocket | undefined> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const secured = new TLSSocket(socket, {
    isServer: true,
    secureContext: answer.identity.context,
    ALPNProtocols: [...answer.protocols],
  })
  // 'close' always follows and tells all that matters, here and in the life of the connection.
  secured.on('error', () => undefined)
  secured.once('secure', () => resolve(true)).once('close', () => resolve(false))
  // Half-open, a connection is not closed because the client has ended it.
  secured.once('end', () => resolve(false))
  if ((await promise) && !secured.destroyed) return secured
  secured.destroy()
  return undefined
}
