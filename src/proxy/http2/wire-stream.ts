import { Duplex } from 'node:stream'
import type { Wire, WireListener } from '../wire/wire.ts'

/** Up to here it is cheaper to copy what is written into one piece than to write it piece by piece. */
const SMALL = 16_384
const LINGER_MS = 1000
const KEEP_ALIVE_MS = 60_000

/**
 * A wire as a stream, for Node's `http2`, which drives nothing else from outside. `attach` starts the wire; `first` was
 * read from it already. Whoever writes whole frames to the stream writes them between those of the session.
 */
export function wireStream(attach: (listener: WireListener) => Wire, first?: Buffer): Duplex {
  let done: (() => void) | undefined
  const release = (): void => {
    const release = done
    done = undefined
    release?.()
  }
  /** A reset may destroy the last word: what still comes is read for a while, and left alone. */
  const linger = (): void => {
    wire.end()
    wire.resume()
    timer = setTimeout(() => wire.destroy(), LINGER_MS).unref()
  }
  let timer: NodeJS.Timeout | undefined
  const stream = new Duplex({
    read: () => wire.resume(),
    write: (bytes: Buffer, _encoding, written) => {
      if (wire.writeBytes(bytes)) written()
      else done = written
    },
    writev: (parts, written) => {
      if (writeAll(wire, parts.map(chunkOf))) written()
      else done = written
    },
    final: (ended) => {
      wire.end()
      ended()
    },
    destroy: (error, destroyed) => {
      linger()
      release()
      destroyed(error)
    },
  })
  // 'close' always follows and tells all that matters.
  stream.on('error', () => undefined)
  if (first) stream.push(first)
  const wire = attach({
    wireBytes: (buffer, length) => {
      if (stream.destroyed) return
      if (!stream.push(Buffer.from(buffer.subarray(0, length)))) wire.pause()
    },
    wireEnd: () => {
      if (stream.destroyed) wire.destroy()
      else stream.push(null)
    },
    wireDrained: release,
    wireClosed: () => {
      stream.destroy()
      clearTimeout(timer)
    },
  })
  // A stream may be silent for long; who is gone for good is found out.
  wire.keepAlive(KEEP_ALIVE_MS)
  return stream
}

function chunkOf({ chunk }: { readonly chunk: Buffer }): Buffer {
  return chunk
}

function writeAll(wire: Wire, parts: readonly Buffer[]): boolean {
  const total = parts.reduce((sum, part) => sum + part.length, 0)
  if (total <= SMALL) return wire.writeBytes(Buffer.concat(parts, total))
  let clear = true
  for (const part of parts) clear = wire.writeBytes(part) && clear
  return clear
}
