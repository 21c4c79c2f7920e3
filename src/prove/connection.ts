import { connect, type Socket } from 'node:net'
import type { Address } from '../core/address.ts'
import { AnswerParser } from './answer-parser.ts'
import type { Answer, Ending } from './answer.ts'
import type { Call } from './call.ts'
import type { Line } from './line.ts'
import { sendBody } from './send-body.ts'

interface Exchange {
  readonly parser: AnswerParser
  readonly settle: (ending: Ending) => void
  sent: boolean
}

/**
 * An HTTP/1.1 connection that carries one call after the other. It is ours and not `node:http`'s because the proof
 * must know for sure that nothing is ever sent twice, and which local port each call used.
 */
export class Connection {
  readonly line: Line = { openedAt: performance.now() }
  readonly #socket: Socket
  readonly #host: string
  #state: 'connecting' | 'open' | 'over' = 'connecting'
  #exchange: Exchange | undefined

  constructor(target: Address) {
    this.#host = `${target.host}:${target.port}`
    this.#socket = connect({ ...target, noDelay: true })
    this.#socket.once('connect', () => this.#opened())
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk))
    this.#socket.once('end', () => this.#ended())
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#broke(error.code ?? 'error'))
    this.#socket.once('close', () => this.#broke('closed'))
  }

  /** Whether another call may be sent: open, idle, and no close announced or seen (RFC 9112 §9.3, §9.5). */
  get usable(): boolean {
    return this.#state !== 'over' && this.#exchange === undefined
  }

  /** Sends the call once and tells how it ended; never rejects. */
  send(call: Call, timeoutMs: number): Promise<Ending> {
    const { promise, resolve } = Promise.withResolvers<Ending>()
    const timer = setTimeout(
      () => this.#close({ kind: 'timeout', reason: `no answer in ${timeoutMs} ms` }),
      timeoutMs + (call.body?.overMs ?? 0),
    )
    const settle = (ending: Ending) => {
      clearTimeout(timer)
      resolve(ending)
    }
    const exchange: Exchange = { parser: new AnswerParser(), settle, sent: false }
    this.#exchange = exchange
    void sendBody(this.#socket, headOf(call, this.#host), call.body).then((all) => {
      exchange.sent = all
    })
    return promise
  }

  destroy(): void {
    this.#close({ kind: 'aborted' })
  }

  #opened(): void {
    this.#state = 'open'
    if (this.#socket.localPort !== undefined) this.line.localPort = this.#socket.localPort
  }

  #received(chunk: Buffer): void {
    const exchange = this.#exchange
    // Nobody asked: a 408 before the server closes, for instance.
    if (!exchange) return this.destroy()
    try {
      const answer = exchange.parser.push(chunk)
      if (answer) this.#answered(exchange, answer)
    } catch (error) {
      this.#close({ kind: 'malformed', reason: error instanceof Error ? error.message : 'fault' })
    }
  }

  #answered(exchange: Exchange, answer: Answer): void {
    if (exchange.parser.rest.length > 0)
      throw new SyntaxError('more bytes came than the answer has')
    // A server that answers before it has the whole body does not want the rest.
    if (!answer.reusable || !exchange.sent) return this.#close({ kind: 'answered', answer })
    this.#exchange = undefined
    exchange.settle({ kind: 'answered', answer })
  }

  #ended(): void {
    const answer = this.#exchange?.parser.end()
    if (answer) this.#close({ kind: 'answered', answer })
    else this.#broke('closed before the answer was whole')
  }

  #broke(reason: string): void {
    this.#close({ kind: this.#state === 'connecting' ? 'refused' : 'reset', reason })
  }

  #close(ending: Ending): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.line.endedAt = performance.now()
    const exchange = this.#exchange
    this.#exchange = undefined
    if (ending.kind === 'answered') this.#socket.destroySoon()
    else this.#socket.destroy()
    exchange?.settle(ending)
  }
}

function headOf(call: Call, host: string): string {
  const lines = [`${call.method} ${call.path} HTTP/1.1`, `Host: ${host}`]
  for (const [name, value] of Object.entries(call.headers ?? {})) lines.push(`${name}: ${value}`)
  if (call.connection === 'fresh') lines.push('Connection: close')
  if (call.body?.framing === 'chunked') lines.push('Transfer-Encoding: chunked')
  else if (call.body) lines.push(`Content-Length: ${call.body.bytes.length}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
