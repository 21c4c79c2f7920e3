import type { Socket } from 'node:net'

/** What the first bytes of a connection say. `length` of them are taken, the rest stays. */
export type First<T> = 'incomplete' | 'broken' | { readonly value: T; readonly length: number }

/**
 * Reads the beginning of a connection until `parse` is content, and leaves what it does not take to whoever reads next.
 * Resolves with nothing when it is broken, or when the connection ends before. `parse` sees all that came, each time.
 */
export function readFirst<T>(
  socket: Socket,
  parse: (bytes: Buffer) => First<T>,
): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<T | undefined>()
  let came: Buffer = Buffer.alloc(0)
  const end = (value?: T): void => {
    socket.off('readable', onReadable).off('end', onOver).off('close', onOver)
    resolve(value)
  }
  const onOver = (): void => end()
  const onReadable = (): void => {
    const bytes = socket.read() as Buffer | null
    if (bytes === null) return
    came = came.length === 0 ? bytes : Buffer.concat([came, bytes])
    const first = parse(came)
    if (first === 'incomplete') return
    if (first === 'broken') return end()
    // Nobody listens any more: what is given back would be told anew.
    end(first.value)
    if (first.length < came.length) socket.unshift(came.subarray(first.length))
  }
  socket.on('readable', onReadable).on('end', onOver).on('close', onOver)
  return promise
}
