import { connect, type Socket } from 'node:net'

/** A client that sends exactly the bytes it is told to, and remembers exactly what it got. */
export interface RawClient {
  readonly socket: Socket
  send(text: string): void
  /** All that was received so far, in latin1. */
  text(): string
  /** Resolves with all that was received as soon as that matches. Rejects when the connection ends before. */
  until(pattern: RegExp): Promise<string>
  /** Resolves when the connection is over: `end` by FIN, or the code it was broken with. */
  over(): Promise<string>
  destroy(): void
}

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  const watchers = new Set<() => void>()
  let text = ''
  let ending: string | undefined
  const changed = () => {
    for (const watch of watchers) watch()
  }
  const end = (how: string) => {
    ending ??= how
    changed()
  }
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
    changed()
  })
  socket.on('end', () => {
    end('end')
    socket.end()
  })
  socket.on('error', (error) => end((error as { code?: string }).code ?? error.name))
  socket.on('close', () => end('end'))
  const when = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const watch = () => {
        const found = look()
        if (found === undefined && ending === undefined) return
        watchers.delete(watch)
        if (found === undefined) reject(new Error(`over (${ending}) after: ${text.slice(0, 500)}`))
        else resolve(found)
      }
      watchers.add(watch)
      watch()
    })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return {
    socket,
    send: (out) => void socket.write(out, 'latin1'),
    text: () => text,
    until: (pattern) => when(() => (pattern.test(text) ? text : undefined)),
    over: () => when(() => ending),
    destroy: () => void socket.destroy(),
  }
}
