import type { Claims } from './claims.ts'

/** By which our own proxies are known in `Via`. */
const PSEUDONYM = 'midflight'
/** A request that has been here so often goes in circles: one service may call another through the proxy. */
const MOST_PASSES = 5

/** RFC 9110 §7.6.3: a gateway puts itself at the end of the list. */
export function viaLine(claims: Claims | undefined, received: '1.0' | '1.1' | '2.0'): string {
  const before = claims && claims.via.length > 0 ? `${claims.via.join(', ')}, ` : ''
  return `Via: ${before}${received} ${PSEUDONYM}\r\n`
}

/** Whether the request comes back to us again and again. */
export function isLooping({ via }: Claims): boolean {
  return via.filter((each) => each.split(/[ \t]+/)[1] === PSEUDONYM).length >= MOST_PASSES
}
