import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { Address } from '../core/address.ts'
import { AnswerParser } from './answer-parser.ts'
import type { Ending } from './answer.ts'
import type { Session } from './call.ts'
import type { Line } from './line.ts'
import { CLOSE, decodeFrame, encodeFrame, PING, PONG, TEXT } from './websocket-frame.ts'

/** How a session ended: `cut` is any end that is neither our close nor a server that says it goes away. */
export type SessionEnd =
  | { readonly kind: 'unopened'; readonly handshake: Ending }
  | { readonly kind: 'closed'; readonly by: 'us' | 'server'; readonly handshake: Ending }
  | { readonly kind: 'cut'; readonly reason: string; readonly handshake: Ending }
  | { readonly kind: 'aborted'; readonly handshake: Ending }

const EVERY_MS = 100
const NORMAL = 1_000
/** RFC 6455 §7.4.1 and its registry: going away, service restart. A client connects again at once. */
const GOING_AWAY: readonly number[] = [1_001, 1_012]

/** One WebSocket session: opens, sends a numbered message every 100 ms, and closes it with the close handshake. */
export class WebSocketSession {
  readonly line: Line = { openedAt: performance.now() }
  readonly ended: Promise<SessionEnd>
  readonly #session: Session
  readonly #socket: Socket
  readonly #settle: (end: SessionEnd) => void
  readonly #parser: AnswerParser = new AnswerParser()
  readonly #deadline: NodeJS.Timeout
  #handshake: Ending | undefined
  #talk: NodeJS.Timeout | undefined
  #bytes: Buffer = Buffer.alloc(0)
  #sent = 0
  #echoed = 0
  #closing = false
  #over = false

  constructor(target: Address, session: Session, timeoutMs: number) {
    const { promise, resolve } = Promise.withResolvers<SessionEnd>()
    this.ended = promise
    this.#settle = resolve
    this.#session = session
    this.#deadline = setTimeout(() => this.#timeOut(), session.lastsMs + timeoutMs)
    this.#socket = connect({ ...target, noDelay: true })
    this.#socket.once('connect', () => this.#connected(`${target.host}:${target.port}`))
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk))
    this.#socket.once('end', () => this.#broke('closed without a close frame'))
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#broke(error.code ?? 'error'))
    this.#socket.once('close', () => this.#broke('closed without a close frame'))
  }

  destroy(): void {
    this.#end({ kind: 'aborted', handshake: this.#handshake ?? { kind: 'aborted' } })
  }

  #connected(host: string): void {
    if (this.#socket.localPort !== undefined) this.line.localPort = this.#socket.localPort
    this.#socket.write(
      `GET ${this.#session.path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    )
  }

  #received(chunk: Buffer): void {
    if (this.#over) return
    try {
      this.#bytes = this.#handshake ? Buffer.concat([this.#bytes, chunk]) : this.#open(chunk)
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'fault'
      return this.#end({ kind: 'unopened', handshake: { kind: 'malformed', reason } })
    }
    for (let frame = decodeFrame(this.#bytes); frame; frame = decodeFrame(this.#bytes)) {
      this.#bytes = this.#bytes.subarray(frame.size)
      this.#take(frame.opcode, frame.payload)
    }
  }

  /** Takes the handshake's answer; the bytes behind it are frames. */
  #open(chunk: Buffer): Buffer {
    const answer = this.#parser.push(chunk)
    if (!answer) return this.#bytes
    const handshake: Ending = { kind: 'answered', answer }
    if (answer.status === 101) {
      this.#handshake = handshake
      const until = performance.now() + this.#session.lastsMs
      this.#talk = setInterval(() => this.#speak(until), EVERY_MS)
      return this.#parser.rest
    }
    this.#end({ kind: 'unopened', handshake })
    return this.#bytes
  }

  #speak(until: number): void {
    if (performance.now() < until) {
      if (this.#session.talk === 'silent') return
      this.#sent += 1
      this.#socket.write(encodeFrame(TEXT, Buffer.from(`message ${this.#sent}`)))
    } else if (this.#echoed === this.#sent && !this.#closing) {
      this.#closing = true
      this.#sayClose(NORMAL)
    }
  }

  #take(opcode: number, payload: Buffer): void {
    if (this.#over) return
    if (opcode === CLOSE) return this.#closed(payload.length < 2 ? NORMAL : payload.readUInt16BE(0))
    if (opcode === PING) this.#socket.write(encodeFrame(PONG, payload))
    if (opcode === PING || opcode === PONG || this.#session.talk === 'silent') return
    this.#echoed += 1
    const wanted = `message ${this.#echoed}`
    if (payload.toString() !== wanted) this.#cut(`another message came than ${wanted}`)
  }

  #closed(code: number): void {
    if (this.#closing) return this.#finish('us')
    this.#sayClose(code)
    if (GOING_AWAY.includes(code)) this.#finish('server')
    else this.#cut(`the server closed with code ${code}`)
  }

  #sayClose(code: number): void {
    this.#socket.write(encodeFrame(CLOSE, Buffer.from([code >> 8, code & 0xff])))
  }

  #finish(by: 'us' | 'server'): void {
    if (this.#handshake) this.#end({ kind: 'closed', by, handshake: this.#handshake })
  }

  #cut(reason: string): void {
    if (this.#handshake) this.#end({ kind: 'cut', reason, handshake: this.#handshake })
  }

  #broke(reason: string): void {
    if (this.#handshake) return this.#cut(reason)
    const kind = this.line.localPort === undefined ? 'refused' : 'reset'
    this.#end({ kind: 'unopened', handshake: { kind, reason } })
  }

  #timeOut(): void {
    if (this.#handshake) return this.#cut('it neither spoke nor closed in time')
    this.#end({ kind: 'unopened', handshake: { kind: 'timeout', reason: 'no answer in time' } })
  }

  #end(end: SessionEnd): void {
    if (this.#over) return
    this.#over = true
    this.line.endedAt = performance.now()
    clearTimeout(this.#deadline)
    clearInterval(this.#talk)
    if (end.kind === 'closed') this.#socket.destroySoon()
    else this.#socket.destroy()
    this.#settle(end)
  }
}
