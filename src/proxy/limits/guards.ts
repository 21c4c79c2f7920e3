import { isDeepStrictEqual } from 'node:util'
import type { Socket } from 'node:net'
import type { LimitSpec, RateSpec } from '../../core/service.ts'
import { answered } from '../entry/answered.ts'
import { senderOf, type Told } from '../http1/forward-head.ts'
import { reject, type Rejection } from '../http1/rejection.ts'
import { isComplete, type RequestHead } from '../http1/request-head.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import { AddressCap, type Admission } from './address-cap.ts'
import { PacedRequest } from './paced-request.ts'
import { RequestRate } from './request-rate.ts'

export interface GuardsListener {
  rejected(rejection: Rejection): void
  /** An answer was broken off because its client did not read it. */
  slowReader(): void
}

export const CROWDED: Rejection = reject(429, 'too many connections', 'connections')
const TOO_OFTEN = reject(429, 'too many requests', 'rate')

/**
 * The limits of a service that are off unless asked for; off, each costs one look. They are this worker's own: it counts
 * what it carries, to the full limit, so nobody is refused below it, and nobody gets more than it times the workers.
 */
export class Guards {
  readonly #listener: GuardsListener
  #bytesPerSecond = 0
  #spec: RateSpec | undefined
  #rate: RequestRate | undefined
  #most = 0
  #cap: AddressCap | undefined

  constructor(listener: GuardsListener) {
    this.#listener = listener
  }

  /** Some limit is set that has a say in requests. */
  get on(): boolean {
    return this.#rate !== undefined || this.#bytesPerSecond > 0
  }

  /** What was counted stays, where the limit does. Connections that are open when a cap is set are not counted. */
  apply({ bytesPerSecond = 0, connectionsPerAddress = 0, rate }: LimitSpec): void {
    this.#bytesPerSecond = bytesPerSecond
    if (!isDeepStrictEqual(rate, this.#spec)) this.#rate = rate && new RequestRate(rate)
    this.#spec = rate
    if (connectionsPerAddress !== this.#most)
      this.#cap = connectionsPerAddress > 0 ? new AddressCap(connectionsPerAddress) : undefined
    this.#most = connectionsPerAddress
  }

  /** A connection has come in. One that is not to be served is counted as rejected, unless it is told so. */
  admit(socket: Socket & Told): Admission {
    if (!this.#cap) return 'served'
    const admission = this.#cap.admit(socket, senderOf(socket).address)
    if (admission === 'closed') this.#listener.rejected(CROWDED)
    return admission
  }

  /** One request, within the limits. */
  guard(
    client: ClientSide,
    head: RequestHead,
    begin: (client: ClientSide) => RequestSink,
  ): RequestSink {
    if (this.#rate && !this.#rate.allows(head, client.sender)) return this.#refused(client, head)
    if (this.#bytesPerSecond === 0) return begin(client)
    const onSlowReader = (): void => this.#listener.slowReader()
    return new PacedRequest(client, { bytesPerSecond: this.#bytesPerSecond, onSlowReader }, begin)
  }

  /** Its connection is kept: to open a new one would cost both sides more. */
  #refused(client: ClientSide, head: RequestHead): RequestSink {
    return answered(() => {
      this.#listener.rejected(TOO_OFTEN)
      client.own({ status: 429, text: TOO_OFTEN.reason }, isComplete(head))
    })
  }
}
