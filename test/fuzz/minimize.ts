/** The shortest text that still fails, found by leaving parts out, larger ones first. */
export function minimize(text: string, fails: (text: string) => boolean): string {
  let least = text
  for (let size = Math.ceil(least.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < least.length;) {
      const shorter = least.slice(0, at) + least.slice(at + size)
      if (fails(shorter)) least = shorter
      else at += size
    }
  }
  return least
}
