import type { RequestSink } from '../plane/request-sink.ts'
import type { Rejection } from '../http1/rejection.ts'
import type { Witness } from './witness.ts'
import type { WitnessedClient } from './witnessed-client.ts'

/** A request that is seen by a witness on its way. */
export class WitnessedRequest implements RequestSink {
  readonly #sink: RequestSink
  readonly #witness: Witness
  readonly #client: WitnessedClient

  constructor(sink: RequestSink, witness: Witness, client: WitnessedClient) {
    this.#sink = sink
    this.#witness = witness
    this.#client = client
  }

  start(): void {
    this.#sink.start()
  }

  requestBytes(bytes: Buffer): void {
    this.#witness.requestBytes(bytes)
    this.#sink.requestBytes(bytes)
  }

  requestEnd(): void {
    this.#witness.requestEnd()
    this.#sink.requestEnd()
  }

  requestBroken(rejection: Rejection): void {
    this.#sink.requestBroken(rejection)
  }

  clientGone(): void {
    this.#sink.clientGone()
    this.#client.close('left')
  }

  clientDrained(): void {
    this.#sink.clientDrained()
  }

  sweep(now: number): void {
    this.#sink.sweep(now)
  }
}
