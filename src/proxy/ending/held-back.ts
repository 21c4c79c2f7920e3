import type { Route } from '../../core/route.ts'
import type { RequestHead } from '../http1/request-head.ts'

type Asked = Pick<RequestHead, 'method' | 'target'>

/** RFC 9110 §9.2.1: they ask for nothing to be changed. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * Whether a person's hold concerns this request. Never the one that a load balancer in front asks to see whether the
 * service is there: it would take the whole service out, and with it everybody who waits.
 */
export function isHeldBack(head: Asked, { held, ready }: Pick<Route, 'held' | 'ready'>): boolean {
  if (held === undefined) return false
  const isSafe = SAFE.has(head.method)
  if (!isSafe) return true
  return held === 'all' && !asksWhetherReady(head, ready)
}

function asksWhetherReady({ method, target }: Asked, ready: Route['ready']): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  return (
    (ready.check ?? 'http') === 'http' &&
    (target === ready.path || target.startsWith(`${ready.path}?`))
  )
}
