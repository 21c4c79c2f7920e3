/**
 * The two messages of `grpc.health.v1.Health/Check`, each in its frame: a byte that says it is not compressed, and four
 * with its length (github.com/grpc/grpc: doc/PROTOCOL-HTTP2.md and doc/health-checking.md).
 */

/** Asks for the whole server: field 1, `service`, is the empty string, and so is the message. */
export const HEALTH_QUESTION: Buffer = Buffer.alloc(5)

const STATES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const

export type ServingState = (typeof STATES)[number]

/** Field 1, `status`, of the answer. `undefined` when the bytes are no such answer. */
export function servingStateIn(frame: Buffer): ServingState | undefined {
  if (frame.length < 5 || frame[0] !== 0) return undefined
  const message = frame.subarray(5)
  if (message.length !== frame.readUInt32BE(1)) return undefined
  // A status of 0 is not written at all.
  if (message.length === 0) return STATES[0]
  const [tag, status = -1, ...rest] = message
  return tag === 0x08 && rest.length === 0 ? STATES[status] : undefined
}
