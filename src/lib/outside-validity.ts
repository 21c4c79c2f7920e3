import type { X509Certificate } from 'node:crypto'

/**
 * Why clients refuse this certificate today, by its dates (RFC 5280 §4.1.2.5): `is not valid since 2026-03-01`, or
 * `is not valid before 2026-03-01`. `undefined` while it is valid.
 */
export function outsideValidity(
  { validFromDate, validToDate }: Pick<X509Certificate, 'validFromDate' | 'validToDate'>,
  nowMs: number = Date.now(),
): string | undefined {
  if (validToDate.getTime() <= nowMs) return `is not valid since ${day(validToDate)}`
  if (validFromDate.getTime() > nowMs) return `is not valid before ${day(validFromDate)}`
  return undefined
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
