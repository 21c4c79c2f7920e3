import { randomBytes } from 'node:crypto'

/** RFC 6455 §7.4.1 and the registry of close codes: the service restarts, come back; the client goes away. */
const SERVICE_RESTART = 1012
const GOING_AWAY = 1001
const CLOSE = 0x88
const MASKED = 0x80

/** What a client is told when it is to come back: `1012`. */
export function restartFrame(): Buffer {
  const payload = payloadOf(SERVICE_RESTART, 'come back, another one is here')
  return Buffer.concat([Buffer.of(CLOSE, payload.length), payload])
}

/** What an instance is told in the place of a client that has said nothing: masked, as from any client (§5.3). */
export function goingAwayFrame(): Buffer {
  const payload = payloadOf(GOING_AWAY, 'this instance is leaving')
  const mask = randomBytes(4)
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))
  return Buffer.concat([Buffer.of(CLOSE, MASKED | payload.length), mask, masked])
}

function payloadOf(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(2 + reason.length)
  payload.writeUInt16BE(code)
  payload.write(reason, 2, 'latin1')
  return payload
}
