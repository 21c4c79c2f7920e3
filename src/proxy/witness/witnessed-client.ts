import type { Choice } from '../plane/choice.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import type { OwnAnswer } from '../http1/answers.ts'
import type { Sender } from '../http1/forward-head.ts'
import type { Rejection } from '../http1/rejection.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { Witness, WitnessedEnd } from './witness.ts'

/** A client side whose answers are seen by a witness on their way. */
export class WitnessedClient implements ClientSide {
  readonly #client: ClientSide
  readonly #witness: Witness
  #over = false

  constructor(client: ClientSide, witness: Witness) {
    this.#client = client
    this.#witness = witness
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
    this.#witness.chosen(choice)
    this.#client.chosen?.(choice)
  }

  keepAlive(): void {
    this.#client.keepAlive?.()
  }

  resume(): void {
    this.#client.resume()
  }

  pause(): void {
    this.#client.pause()
  }

  inform(head: ResponseHead): void {
    this.#client.inform(head)
  }

  begin(head: ResponseHead, first: Buffer, requestComplete: boolean): boolean {
    this.#witness.answerHead(head, first)
    return this.#client.begin(head, first, requestComplete)
  }

  write(bytes: Buffer): boolean {
    this.#witness.answerBytes(bytes)
    return this.#client.write(bytes)
  }

  trailers(lines: string): void {
    this.#client.trailers?.(lines)
  }

  finish(): void {
    this.close('complete')
    this.#client.finish()
  }

  leave(): void {
    this.close('complete')
    this.#client.leave()
  }

  abort(): void {
    this.close('broken')
    this.#client.abort()
  }

  own(answer: OwnAnswer, requestComplete: boolean): void {
    this.#witness.own(answer.status)
    this.close('complete')
    this.#client.own(answer, requestComplete)
  }

  reject(rejection: Rejection): void {
    this.#witness.own(rejection.status)
    this.close('complete')
    this.#client.reject(rejection)
  }

  change(head: ResponseHead, sink: RequestSink): void {
    this.#witness.answerHead(head, Buffer.alloc(0))
    this.close('changed')
    this.#client.change(head, sink)
  }

  end(): void {
    this.#client.end()
  }

  cut(): void {
    this.#client.cut()
  }

  /** The exchange is over, however it ended. */
  close(how: WitnessedEnd): void {
    if (this.#over) return
    this.#over = true
    this.#witness.over(how)
  }
}
