/**
 * MurmurHash3 (A. Appleby, 32 bits) over the UTF-16 units of a text: even and quick, and the same in every worker and
 * after every start. Not for secrets.
 */
export function hashOf(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at += 1) {
    const block = Math.imul(text.charCodeAt(at), 0xcc9e2d51)
    hash ^= Math.imul((block << 15) | (block >>> 17), 0x1b873593)
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  return finished(hash ^ text.length)
}

function finished(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35)
  return (whole ^ (whole >>> 16)) >>> 0
}
