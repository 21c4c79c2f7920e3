import type { AtAge } from '../core/judge.ts'
import type { Ages } from './growth.ts'
import { slopeOf } from './slope.ts'

const FEWEST = 4
/** Of the time in question, what must have been seen. */
const COVERED = 0.8

/** How fast the old release grew at these ages, in a second; undefined where too little of that time was seen. */
export function growthAtAge(
  youth: readonly AtAge[] | undefined,
  { fromMs, toMs }: Ages,
): number | undefined {
  const then = (youth ?? []).filter(({ ageMs }) => ageMs >= fromMs && ageMs <= toMs)
  const [first, last] = [then[0], then.at(-1)]
  if (!first || !last || then.length < FEWEST) return undefined
  if (last.ageMs - first.ageMs < COVERED * (toMs - fromMs)) return undefined
  return Math.max(0, slopeOf(then))
}
