import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Wire, WireListener } from './wire.ts'

/** A socket by its public interface: TLS, and what stands in for it where handles cannot be driven. */
export class SocketWire implements Wire {
  readonly #socket: Socket
  #listener: WireListener
  #code: string | undefined

  constructor(socket: Socket, listener: WireListener) {
    this.#socket = socket
    this.#listener = listener
    socket.on('data', (bytes: Buffer) => this.#listener.wireBytes(bytes, bytes.length))
    socket.on('end', () => this.#listener.wireEnd())
    socket.on('drain', () => this.#listener.wireDrained())
    socket.on('error', (error: Error & { readonly code?: string }) => {
      this.#code ??= error.code
    })
    socket.on('close', () => this.#listener.wireClosed(this.#code))
    socket.resume()
  }

  get blocked(): boolean {
    return this.#socket.writableNeedDrain
  }

  /** What a stream has not passed on it does not tell: it counts as gone. */
  get holding(): boolean {
    return false
  }

  get writable(): boolean {
    return this.#socket.writable
  }

  write(text: string): boolean {
    return !this.#socket.writable || this.#socket.write(text, 'latin1')
  }

  /** A stream keeps what it is given for an unknown time, and the bytes of a read are good for a moment only. */
  writeBytes(bytes: Buffer): boolean {
    return !this.#socket.writable || this.#socket.write(Buffer.from(bytes))
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    if (this.#socket.isPaused()) this.#socket.resume()
  }

  end(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Of TLS the missing farewell tells as much as a reset (RFC 8446 §6.1). */
  reset(): void {
    if (this.#socket instanceof TLSSocket) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
  }

  hear(listener: WireListener): void {
    this.#listener = listener
  }

  keepAlive(ms: number): void {
    this.#socket.setKeepAlive(true, ms)
  }
}
