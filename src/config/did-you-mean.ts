/**
 * The known word that was probably meant: the same but for case, `_` and `-`, or up to two letters off, or one the
 * beginning of the other. `undefined` when nothing is near.
 */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const meant = plain(word)
  if (meant === '') return undefined
  const near = known
    .map((candidate) => ({ candidate, distance: distanceOf(meant, plain(candidate)) }))
    .filter(({ candidate, distance }) => isNear(meant, plain(candidate), distance))
    .toSorted((a, b) => a.distance - b.distance)
  return near[0]?.candidate
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[_\-\s]/g, '')
}

function isNear(word: string, candidate: string, distance: number): boolean {
  if (distance <= 2 && distance < Math.min(word.length, candidate.length)) return true
  const shorter = Math.min(word.length, candidate.length)
  return shorter >= 3 && (word.startsWith(candidate) || candidate.startsWith(word))
}

/** Levenshtein: how many letters to add, drop or change to make one word the other. */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [line, letter] of from.split('').entries()) {
    const next = [line + 1]
    for (const [column, other] of to.split('').entries()) {
      const change = at(row, column) + (letter === other ? 0 : 1)
      next.push(Math.min(at(row, column + 1) + 1, at(next, column) + 1, change))
    }
    row = next
  }
  return at(row, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity
}
