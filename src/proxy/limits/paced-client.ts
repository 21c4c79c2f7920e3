import type { Choice } from '../plane/choice.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import type { OwnAnswer } from '../http1/answers.ts'
import type { Sender } from '../http1/forward-head.ts'
import type { Rejection } from '../http1/rejection.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { Pace } from './pace.ts'

/** All of a client side, also what it may leave out; an answer that is whole at once is begun like any other. */
type WholeClient = Required<Omit<ClientSide, 'beginWhole'>>

/** A client side that remembers whose turn it is to move bytes, and counts those of the answer. */
export class PacedClient implements WholeClient {
  readonly #client: ClientSide
  readonly #pace: Pace
  #isReading = false
  #stage: 'request' | 'answer' | 'changed' = 'request'

  constructor(client: ClientSide, pace: Pace) {
    this.#client = client
    this.#pace = pace
  }

  /** The body of the request is asked for, and no answer has begun. */
  get owesBody(): boolean {
    return this.#isReading && this.#stage === 'request'
  }

  /** What was written of the answer waits for the client to read it. */
  get owesReading(): boolean {
    return this.#stage === 'answer' && this.#client.blocked
  }

  get sender(): Sender {
    return this.#client.sender
  }

  get protocol(): string | undefined {
    return this.#client.protocol
  }

  get pass(): 'bytes' | 'content' {
    return this.#client.pass
  }

  get blocked(): boolean {
    return this.#client.blocked
  }

  get keeps(): boolean {
    return this.#client.keeps
  }

  chosen(choice: Choice | undefined): void {
    this.#client.chosen?.(choice)
  }

  keepAlive(): void {
    this.#client.keepAlive?.()
  }

  resume(): void {
    this.#isReading = true
    this.#client.resume()
  }

  pause(): void {
    this.#isReading = false
    this.#client.pause()
  }

  inform(head: ResponseHead): void {
    this.#client.inform(head)
  }

  begin(head: ResponseHead, first: Buffer, requestComplete: boolean): boolean {
    this.#stage = 'answer'
    this.#pace.moved(first.length)
    return this.#client.begin(head, first, requestComplete)
  }

  write(bytes: Buffer): boolean {
    this.#pace.moved(bytes.length)
    return this.#client.write(bytes)
  }

  trailers(lines: string): void {
    this.#client.trailers?.(lines)
  }

  finish(): void {
    this.#client.finish()
  }

  leave(): void {
    this.#client.leave()
  }

  abort(): void {
    this.#client.abort()
  }

  own(answer: OwnAnswer, requestComplete: boolean): void {
    this.#client.own(answer, requestComplete)
  }

  reject(rejection: Rejection): void {
    this.#client.reject(rejection)
  }

  change(head: ResponseHead, sink: RequestSink): void {
    this.#stage = 'changed'
    this.#client.change(head, sink)
  }

  end(): void {
    this.#client.end()
  }

  cut(): void {
    this.#client.cut()
  }
}
