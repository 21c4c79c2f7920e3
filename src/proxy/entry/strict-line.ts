import type { HstsSpec } from '../../core/entry.ts'

/** The field line of RFC 6797 §6.1; empty without a spec. */
export function strictLine(hsts: HstsSpec | undefined): string {
  if (!hsts) return ''
  const age = `max-age=${Math.floor(hsts.maxAgeMs / 1000)}`
  const more = `${hsts.subdomains ? '; includeSubDomains' : ''}${hsts.preload ? '; preload' : ''}`
  return `Strict-Transport-Security: ${age}${more}\r\n`
}
