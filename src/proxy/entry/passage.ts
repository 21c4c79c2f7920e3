import type { Claims } from './claims.ts'
import { freshPassage } from './fresh-passage.ts'
import { trackingOf } from './tracking.ts'
import { viaLine } from './via.ts'

/** What a request is given on its way to an instance, whichever one that is and however often it is tried. */
export interface Passage {
  /** Told to the client as well, when the proxy itself answers. */
  readonly requestId: string
  /** Field lines for the instance. */
  readonly lines: string
}

/** `received` is the version of HTTP the client speaks. */
export function passageOf(
  claims: Claims | undefined,
  received: '1.0' | '1.1' | '2.0',
  method: string,
): Passage {
  if (!claims && received === '1.1') return freshPassage()
  const { requestId, lines } = trackingOf(claims)
  return { requestId, lines: `${lines}${viaLine(claims, received)}${forwardsLine(claims, method)}` }
}

/** RFC 9110 §7.6.2: where it is 0 for TRACE or OPTIONS, the request has not got here. */
function forwardsLine(claims: Claims | undefined, method: string): string {
  const most = claims?.maxForwards
  if (most === undefined || !/^[0-9]{1,9}$/.test(most)) return ''
  const counts = method === 'TRACE' || method === 'OPTIONS'
  return `Max-Forwards: ${counts ? Number(most) - 1 : most}\r\n`
}
