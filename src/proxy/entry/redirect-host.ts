import type { Socket } from 'node:net'
import type { LimitSpec } from '../../core/service.ts'
import { ClientConnection } from '../http1/client-connection.ts'
import type { ClientHost } from '../http1/client-host.ts'
import type { Rejection } from '../http1/rejection.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import { answered } from './answered.ts'
import { redirectAnswer, type RedirectTerms } from './redirect-answer.ts'

/** The side door of a service: sends who comes over plain HTTP to HTTPS, and tells an authority its proofs. */
export class RedirectHost implements ClientHost<ClientConnection> {
  readonly #rejected: (rejection: Rejection) => void
  readonly #clients = new Set<ClientConnection>()
  terms: RedirectTerms
  leaving = false
  patienceMs = 0

  constructor(terms: RedirectTerms, rejected: (rejection: Rejection) => void) {
    this.terms = terms
    this.#rejected = rejected
  }

  get limits(): LimitSpec {
    return this.terms.limits
  }

  get quiet(): boolean {
    return this.#clients.size === 0
  }

  take(socket: Socket): void {
    this.#clients.add(new ClientConnection(socket, this))
  }

  begin(client: ClientConnection, head: RequestHead): RequestSink {
    const { terms } = this
    return answered(() => {
      client.write(redirectAnswer(head, terms))
      client.leave()
    })
  }

  leave(patienceMs: number): void {
    this.leaving = true
    this.patienceMs = patienceMs
  }

  rejected(rejection: Rejection): void {
    this.#rejected(rejection)
  }

  closed(client: ClientConnection): void {
    this.#clients.delete(client)
  }

  sweep(now: number): void {
    for (const client of this.#clients) client.sweep(now)
  }
}
