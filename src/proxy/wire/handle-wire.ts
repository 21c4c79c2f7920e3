import type { Socket } from 'node:net'
import { getSystemErrorName } from 'node:util'
import type { StreamHandle, StreamInternals, WriteRequest } from './stream-internals.ts'
import type { Wire, WireListener } from './wire.ts'
import { type Holding, writeTogether } from './write-together.ts'

const READ_BYTES = 65_536
/** Reads and writes up to here are copied, larger ones are not. */
const SMALL = 16_384
const UV_EOF = -4095

/** What all wires of this process share. */
const common = {
  /** Small reads land here, one after the other, so that nothing is allocated for a read. */
  buffer: Buffer.allocUnsafeSlow(READ_BYTES),
  /** How many writes have kept the bytes they were given. */
  kept: 0,
}

/**
 * Drives a socket's handle itself. The socket is only what opens and closes it; of what is read and written it knows
 * nothing. A wire that carries much gets a buffer of its own, and another one whenever a write has kept the last.
 */
export class HandleWire implements Wire, Holding {
  readonly #socket: Socket
  readonly #handle: StreamHandle
  readonly #internals: StreamInternals
  #listener: WireListener
  #own: Buffer | undefined
  #request: WriteRequest | undefined
  #pending = 0
  /** Text that leaves when all of this turn of the loop was read. */
  #held = ''
  #reading = true
  #open = true
  #endedBy: 'us' | 'them' | undefined
  #code: string | undefined

  constructor(
    socket: Socket,
    handle: StreamHandle,
    internals: StreamInternals,
    listener: WireListener,
  ) {
    this.#socket = socket
    this.#handle = handle
    this.#internals = internals
    this.#listener = listener
    socket.on('error', (error: Error & { readonly code?: string }) => {
      this.#code ??= error.code
    })
    socket.on('close', () => this.#onClose())
    handle.onread = () => this.#onRead()
    handle.useUserBuffer(common.buffer)
    handle.readStart()
  }

  get blocked(): boolean {
    return this.#pending > 0
  }

  get holding(): boolean {
    return this.#held !== ''
  }

  get writable(): boolean {
    return this.#open
  }

  write(text: string): boolean {
    if (!this.#open) return true
    const isFirst = this.#held === ''
    this.#held += text
    if (isFirst) writeTogether(this)
    else if (this.#held.length > READ_BYTES) this.letGo()
    return this.#pending === 0
  }

  letGo(): void {
    const text = this.#held
    if (text === '' || !this.#open || this.#socket.destroyed) return
    this.#held = ''
    const request = (this.#request ??= new this.#internals.WriteWrap())
    this.#written(request, this.#handle.writeLatin1String(request, text))
  }

  writeBytes(bytes: Buffer): boolean {
    if (bytes.length <= SMALL) return this.write(bytes.toString('latin1'))
    this.letGo()
    if (!this.#open) return true
    const request = (this.#request ??= new this.#internals.WriteWrap())
    const left = this.#written(request, this.#handle.writeBuffer(request, bytes))
    if (this.#request === undefined) {
      request.buffer = bytes
      common.kept += 1
    }
    return left
  }

  pause(): void {
    if (!this.#reading) return
    this.#reading = false
    this.#handle.readStop()
  }

  resume(): void {
    if (this.#reading || !this.#open) return
    this.#reading = true
    this.#handle.readStart()
  }

  end(): void {
    this.letGo()
    this.#socket.end(() => this.#onEnded('us'))
  }

  destroy(): void {
    this.letGo()
    this.#open = false
    this.#socket.destroy()
  }

  reset(): void {
    this.letGo()
    this.#open = false
    this.#socket.resetAndDestroy()
  }

  hear(listener: WireListener): void {
    this.#listener = listener
  }

  keepAlive(ms: number): void {
    this.#socket.setKeepAlive(true, ms)
  }

  /** What was written has left already, nearly always; else the request is taken until it has. */
  #written(request: WriteRequest, error: number): boolean {
    if (error !== 0) {
      this.#fail(error)
      return true
    }
    const { streamBaseState, kLastWriteWasAsync } = this.#internals
    if (streamBaseState[kLastWriteWasAsync] === 0) return this.#pending === 0
    this.#request = undefined
    request.oncomplete = (status) => this.#onWritten(status)
    this.#pending += 1
    return false
  }

  #onWritten(status: number): void {
    this.#pending -= 1
    if (status < 0) this.#fail(status)
    else if (this.#pending === 0 && this.#open) this.#listener.wireDrained()
  }

  /** What has come before the other side broke off may still be read, and reading tells of the end. */
  #fail(error: number): void {
    this.#code ??= getSystemErrorName(error)
    if (!this.#reading) this.#socket.destroy()
    this.#open = false
  }

  #onRead(): Buffer | undefined {
    const { streamBaseState, kReadBytesOrError } = this.#internals
    const length = streamBaseState[kReadBytesOrError] ?? 0
    if (length > 0) return this.#own ? this.#readOwn(this.#own, length) : this.#readCommon(length)
    if (length === UV_EOF) {
      this.#listener.wireEnd()
      this.#onEnded('them')
    } else if (length < 0) {
      this.#code ??= getSystemErrorName(length)
      this.#open = false
      this.#socket.destroy()
    }
    return undefined
  }

  /** A large read must not stay in the common buffer: a write may keep it. */
  #readCommon(length: number): Buffer | undefined {
    if (length <= SMALL) {
      this.#listener.wireBytes(common.buffer, length)
      return undefined
    }
    this.#own = Buffer.allocUnsafeSlow(READ_BYTES)
    this.#listener.wireBytes(Buffer.from(common.buffer.subarray(0, length)), length)
    return this.#own
  }

  #readOwn(own: Buffer, length: number): Buffer | undefined {
    const { kept } = common
    this.#listener.wireBytes(own, length)
    if (length <= SMALL) {
      this.#own = undefined
      return common.buffer
    }
    if (kept === common.kept) return undefined
    this.#own = Buffer.allocUnsafeSlow(READ_BYTES)
    return this.#own
  }

  /** When both sides have said their last, there is nothing left to wait for. */
  #onEnded(by: 'us' | 'them'): void {
    if (this.#endedBy !== undefined && this.#endedBy !== by) this.#socket.destroy()
    this.#endedBy = by
  }

  #onClose(): void {
    this.#open = false
    this.#listener.wireClosed(this.#code)
  }
}
