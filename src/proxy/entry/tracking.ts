import type { Claims } from './claims.ts'
import { freshId } from './fresh-id.ts'

/** By what a request is found again, in logs and in traces. */
export interface Tracking {
  readonly requestId: string
  /** Field lines for the instance. */
  readonly lines: string
}

const REQUEST_ID = /^[\w.~:/+=@-]{1,128}$/
/** W3C Trace Context §3.2: version 00 exactly, of later ones what is known; ff is none, and neither are ids of zeros. */
const TRACEPARENT =
  /^(?!ff)(?:00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}|(?!00)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-.*)?)$/
/**
 * Sampled: the usual sampler of applications records what has no parent, and what has one as that one says. A parent
 * that is not sampled would silence traces that are recorded without a proxy.
 */
const FLAGS = '01'

/** Takes on the ids that a request came with when they are well formed, and gives it new ones in place of others. */
export function trackingOf(claims: Claims | undefined): Tracking {
  const id = freshId()
  const fresh = id.slice(0, 32)
  if (!claims) return { requestId: fresh, lines: trackingLines(fresh, id.slice(32)) }
  const told = theOnly(claims.requestIds, REQUEST_ID)
  const requestId = told ?? fresh
  const trace = passedOn(claims) ?? traceLine(fresh, id.slice(32))
  return { requestId, lines: `X-Request-Id: ${requestId}\r\n${trace}` }
}

/** The lines for a request that comes without ids: 32 hexadecimal digits for itself and its trace, 16 for its span. */
export function trackingLines(id: string, span: string): string {
  return `X-Request-Id: ${id}\r\n${traceLine(id, span)}`
}

function traceLine(id: string, span: string): string {
  return `traceparent: 00-${id}-${span}-${FLAGS}\r\n`
}

/** §3.3: what stands beside a trace that cannot be read belongs to nothing, and goes with it. */
function passedOn({ traceparents, tracestate }: Claims): string | undefined {
  const traceparent = theOnly(traceparents, TRACEPARENT)
  if (traceparent === undefined) return undefined
  const state = tracestate === '' ? '' : `tracestate: ${tracestate}\r\n`
  return `traceparent: ${traceparent}\r\n${state}`
}

function theOnly(values: readonly string[], shape: RegExp): string | undefined {
  const [value] = values
  return values.length === 1 && value !== undefined && shape.test(value) ? value : undefined
}
