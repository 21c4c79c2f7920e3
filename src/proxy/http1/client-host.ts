import type { LimitSpec } from '../../core/service.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import type { Wire } from '../wire/wire.ts'
import type { Rejection } from './rejection.ts'
import type { RequestHead } from './request-head.ts'

/** What the connection of a client asks of its service. */
export interface ClientHost<Client> {
  readonly limits: LimitSpec
  /** Clients are told to go. */
  readonly leaving: boolean
  /** How long an idle one, which may have a request on its way, can still send it then; and then a bit at random. */
  readonly patienceMs: number
  begin(client: Client, head: RequestHead): RequestSink
  /** The client speaks HTTP/2: takes over its wire, from which `first` was read. False where that is not spoken. */
  takeHttp2?(client: Client, wire: Wire, first: Buffer): boolean
  rejected(rejection: Rejection): void
  closed(client: Client): void
}
