const COLON = 0x3a

/**
 * The value of a field in lines that end with CR LF, `name` in lower case; `undefined` when there is none. Several
 * lines of one name are one list, in their order (RFC 9110 §5.3): `separator` is put between them.
 */
export function fieldIn(lines: string, name: string, separator = ', '): string | undefined {
  let found: string | undefined
  let start = 0
  while (start < lines.length) {
    const end = lineEnd(lines, start)
    if (isNamed(lines, start, name)) {
      const value = lines.slice(start + name.length + 1, end).trim()
      found = found === undefined ? value : found + separator + value
    }
    start = end + 2
  }
  return found
}

function lineEnd(lines: string, start: number): number {
  const end = lines.indexOf('\r\n', start)
  return end < 0 ? lines.length : end
}

/** The colon is looked at first: it tells nearly all other names apart without a copy of theirs. */
function isNamed(lines: string, start: number, name: string): boolean {
  const end = start + name.length
  return lines.charCodeAt(end) === COLON && lines.slice(start, end).toLowerCase() === name
}
