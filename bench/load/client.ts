import { connect as connectPlainly, type Socket } from 'node:net'
import { connect as connectEncrypted } from 'node:tls'
import type { Talk } from './talk.ts'

const HEAD_END = Buffer.from('\r\n\r\n')
/** `HTTP/1.1 200` */
const STATUS_AT = 9

export interface ClientListener {
  /** The message was answered; another may be sent. */
  answered(client: Client): void
  /** It broke, or was answered with anything but 200. Nothing more will come. */
  broke(client: Client): void
}

/** One connection that sends the same message again and again. It reads as little of an answer as it must. */
export class Client {
  /** From when the message's latency counts, by `performance.now()`; -1 while none is. */
  sentAt = -1
  readonly #talk: Talk
  readonly #listener: ClientListener
  readonly #message: Buffer
  readonly #socket: Socket
  #isOpen = false
  #head: Buffer = Buffer.alloc(0)
  #missing = -1
  #isOver = false

  constructor(talk: Talk, message: Buffer, listener: ClientListener) {
    this.#talk = talk
    this.#message = message
    this.#listener = listener
    const options = { ...talk.address, noDelay: true }
    this.#socket = talk.encrypted
      ? connectEncrypted({ ...options, rejectUnauthorized: false, servername: 'localhost' })
      : connectPlainly(options)
    this.#socket.once(talk.encrypted ? 'secureConnect' : 'connect', () => this.#connected())
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk))
    this.#socket.on('error', () => this.#end())
    this.#socket.once('close', () => this.#end())
  }

  /** Sends the message now, or as soon as the connection is open. Its latency counts from `at`. */
  send(at: number): void {
    this.sentAt = at
    this.#missing = this.#talk.answer === 'content-length' ? -1 : this.#talk.answer
    if (this.#isOpen) this.#socket.write(this.#message)
  }

  destroy(): void {
    this.#isOver = true
    this.#socket.destroy()
  }

  #connected(): void {
    if (this.#talk.opening === undefined) this.#opened()
    else this.#socket.write(this.#talk.opening)
  }

  #opened(): void {
    this.#isOpen = true
    if (this.sentAt >= 0) this.#socket.write(this.#message)
  }

  #received(chunk: Buffer): void {
    if (!this.#isOpen) return this.#takeOpening(chunk)
    if (this.sentAt < 0) return this.#end()
    if (this.#missing < 0) return this.#takeHead(chunk)
    this.#take(chunk.length)
  }

  #takeOpening(chunk: Buffer): void {
    this.#head = Buffer.concat([this.#head, chunk])
    if (this.#head.indexOf(HEAD_END) < 0) return
    if (this.#head.toString('latin1', STATUS_AT, STATUS_AT + 3) !== '101') return this.#end()
    this.#opened()
  }

  #takeHead(chunk: Buffer): void {
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    const end = bytes.indexOf(HEAD_END)
    if (end < 0) {
      this.#head = bytes
      return
    }
    this.#head = Buffer.alloc(0)
    const head = bytes.toString('latin1', 0, end)
    const length = /\r\ncontent-length: ?(\d+)/i.exec(head)?.[1]
    if (head.slice(STATUS_AT, STATUS_AT + 3) !== '200' || length === undefined) return this.#end()
    this.#missing = Number(length)
    this.#take(bytes.length - end - HEAD_END.length)
  }

  #take(bytes: number): void {
    this.#missing -= bytes
    if (this.#missing === 0) this.#listener.answered(this)
    else if (this.#missing < 0) this.#end()
  }

  #end(): void {
    if (this.#isOver) return
    this.destroy()
    this.#listener.broke(this)
  }
}
