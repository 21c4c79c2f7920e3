import type { Random } from './random.ts'

/** The same bytes as a network may deliver them: whole, byte by byte, cut anywhere, or a head at a time. */
export function split(random: Random, text: string): Buffer[] {
  const bytes = Buffer.from(text, 'latin1')
  const kind = random.below(5)
  if (kind < 2) return bytes.length > 0 ? [bytes] : []
  if (kind === 4) return text.split(/(?<=\r\n\r\n)/).map((part) => Buffer.from(part, 'latin1'))
  const reads: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + (kind === 2 ? 1 : 1 + random.below(40))
    reads.push(bytes.subarray(at, end))
    at = end
  }
  return reads
}
