const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** A control character, or a CR or LF that is not part of a CR LF. */
const UNCLEAN = /[^\t\u0020-\u007E\u0080-\u00FF\r\n]|\r(?!\n)|(?<!\r)\n/

const SPACE = 0x20
const TAB = 0x09

/** Where one field stands in the text of a head. Written anew by each `readFieldLine`. */
export interface FieldLine {
  /** In lower case. */
  name: string
  start: number
  colon: number
  end: number
}

export function newFieldLine(): FieldLine {
  return { name: '', start: 0, colon: 0, end: 0 }
}

/** A `token` of RFC 9110 §5.6.2. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** Nothing in this text can be read as a line break by one party and not by another (RFC 9112 §2.2). */
export function isClean(text: string): boolean {
  return !UNCLEAN.test(text)
}

/**
 * Reads the line that starts `at`, and returns where the next one starts. -1 when it is no field: no colon, a space
 * before the colon, a folded line (RFC 9112 §5.1, §5.2). Each line of `text` ends with CR LF.
 */
export function readFieldLine(text: string, at: number, line: FieldLine): number {
  const end = text.indexOf('\r\n', at)
  const colon = text.indexOf(':', at)
  if (colon < 0 || colon > end) return -1
  const name = text.slice(at, colon)
  if (!TOKEN.test(name)) return -1
  line.name = name.toLowerCase()
  line.start = at
  line.colon = colon
  line.end = end
  return end + 2
}

/** The value without the optional white space around it. `trim` would take more than that away. */
export function valueOf(text: string, line: FieldLine): string {
  let start = line.colon + 1
  let end = line.end
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}
