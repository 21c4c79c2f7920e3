/** One turn of a rolling rollout. */
export interface Batch {
  readonly coming: readonly number[]
  /** Old ones that make room before the new ones start, and those that leave when the new ones serve. */
  readonly early: readonly number[]
  readonly late: readonly number[]
  /** How many old ones are left, and how many new ones reached, after the batch. */
  readonly left: number
  readonly reached: number
}

export interface BatchSize {
  readonly size: number
  /** How many may run beyond the wanted number, the old one or the new one, whichever is larger. */
  readonly surge: number
}

/** Old instances leave in the proportion in which new ones come: those that stay carry no more than before. */
export function batches(
  old: readonly number[],
  fresh: readonly number[],
  { size, surge }: BatchSize,
): readonly Batch[] {
  const most = Math.max(old.length, fresh.length) + surge
  const found: Batch[] = []
  for (let reached = 0, left = old.length; reached < fresh.length;) {
    const coming = fresh.slice(reached, reached + size)
    const room = most - left - reached
    reached += coming.length
    const leaving = old.slice(old.length - left, leavingBy(reached, old, fresh))
    const early = leaving.slice(0, Math.max(0, coming.length - room))
    left -= leaving.length
    found.push({ coming, early, late: leaving.slice(early.length), left, reached })
  }
  return found
}

/** How many old ones have left when so many new ones are reached. */
function leavingBy(reached: number, old: readonly number[], fresh: readonly number[]): number {
  return Math.floor((reached * old.length) / fresh.length)
}
