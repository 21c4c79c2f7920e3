const END = Buffer.from('\r\n\r\n', 'latin1')
const CR = 0x0d
const LF = 0x0a

/**
 * Where the lines of a head end, the CR LF of the last one included; the empty line after them is 2 bytes more.
 * A broken line is found before the end is there, so that nobody waits for it.
 */
export function headEnd(
  bytes: Buffer,
  limit: number,
): number | 'incomplete' | 'broken-line' | 'line-too-long' | 'too-large' {
  const at = bytes.indexOf(END)
  if (at >= 0 && at + END.length <= limit) return at + 2
  if (at < 0 && bytes.length <= limit) return hasBrokenLine(bytes) ? 'broken-line' : 'incomplete'
  const line = bytes.indexOf(LF)
  return line < 0 || line >= limit ? 'line-too-long' : 'too-large'
}

/** A CR or an LF that is not part of a CR LF. */
function hasBrokenLine(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at - 1] !== CR) return true
  }
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    if (at + 1 < bytes.length && bytes[at + 1] !== LF) return true
  }
  return false
}
