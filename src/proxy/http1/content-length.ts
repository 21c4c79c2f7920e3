const DIGITS = /^[0-9]{1,16}$/

/** The number of a Content-Length field: digits only, no sign, no list (RFC 9112 §6.2). `undefined` when it is none. */
export function parseContentLength(value: string): number | undefined {
  if (!DIGITS.test(value)) return undefined
  const length = Number(value)
  return Number.isSafeInteger(length) ? length : undefined
}
