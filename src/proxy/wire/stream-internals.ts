/** A libuv stream as Node's own `net` and `tls` drive it. */
export interface StreamHandle {
  /** Called after each read, with the count in `state`. What it returns becomes the next read's buffer. */
  onread: (this: StreamHandle) => Buffer | undefined
  useUserBuffer(buffer: Buffer): void
  readStart(): number
  readStop(): number
  writeLatin1String(request: WriteRequest, text: string): number
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number
}

export interface WriteRequest {
  /** Keeps the bytes of a write alive until it is complete. */
  buffer?: Uint8Array
  oncomplete: (status: number) => void
}

/** What Node keeps to itself of its streams, where this Node still has it. */
export interface StreamInternals {
  readonly WriteWrap: new () => WriteRequest
  /** Where a call leaves its results, at the two places below. */
  readonly streamBaseState: Int32Array
  readonly kReadBytesOrError: number
  readonly kLastWriteWasAsync: number
}

/**
 * `undefined` when this Node no longer gives them out: then sockets are used by their public interface.
 * A `net.Socket` costs about 12 µs a request in stream bookkeeping that a proxy has no use for
 * (docs/decisions/0011-reading-and-writing-handles.md has the figures).
 */
export const streamInternals: StreamInternals | undefined = find()

function find(): StreamInternals | undefined {
  const binding: unknown = Reflect.get(process, 'binding')
  if (typeof binding !== 'function') return undefined
  try {
    const found = binding('stream_wrap') as Partial<StreamInternals>
    return isWhole(found) ? found : undefined
  } catch {
    // It is gone from this Node: the public interface does the same, at a higher price.
    return undefined
  }
}

function isWhole(found: Partial<StreamInternals>): found is StreamInternals {
  return (
    typeof found.WriteWrap === 'function' &&
    found.streamBaseState !== undefined &&
    typeof found.kReadBytesOrError === 'number' &&
    typeof found.kLastWriteWasAsync === 'number'
  )
}

/** The handle of a socket, when it can be driven directly. */
export function handleOf(socket: object): StreamHandle | undefined {
  const handle: unknown = Reflect.get(socket, '_handle')
  const usable =
    typeof handle === 'object' &&
    handle !== null &&
    'useUserBuffer' in handle &&
    'writeLatin1String' in handle
  return usable ? (handle as StreamHandle) : undefined
}
