import type { Random } from './random.ts'

/** The same bytes as a network may deliver them: whole, byte by byte, or cut anywhere. */
export function split(random: Random, text: string): Buffer[] {
  const bytes = Buffer.from(text, 'latin1')
  const kind = random.below(4)
  if (kind < 2) return bytes.length > 0 ? [bytes] : []
  const reads: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + (kind === 2 ? 1 : 1 + random.below(40))
    reads.push(bytes.subarray(at, end))
    at = end
  }
  return reads
}
