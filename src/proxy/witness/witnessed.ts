import type { ClientSide } from '../plane/client-side.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import type { Witness } from './witness.ts'
import { WitnessedClient } from './witnessed-client.ts'
import { WitnessedRequest } from './witnessed-request.ts'

/** The exchange that `begin` makes for the client, with a witness on both of its sides. */
export function witnessed(
  client: ClientSide,
  witnesses: readonly Witness[],
  begin: (client: ClientSide) => RequestSink,
): RequestSink {
  const [witness, ...others] = witnesses
  if (!witness) return begin(client)
  const seen = new WitnessedClient(client, witness)
  return new WitnessedRequest(witnessed(seen, others, begin), witness, seen)
}
