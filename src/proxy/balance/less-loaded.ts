import { type Candidate, EVEN, type Random } from './candidate.ts'

/**
 * The less loaded of two taken at random: nearly as even as the least loaded of all, and no herd runs to one
 * (M. Mitzenmacher, "The power of two choices in randomized load balancing", 1996).
 */
export function lessLoaded<Instance extends Candidate>(
  instances: readonly Instance[],
  nowMs: number,
  random: Random,
): Instance | undefined {
  const count = instances.length
  if (count < 2) return instances[0]
  if (nowMs !== EVEN) return whileWarming(instances, nowMs, random)
  const first = Math.floor(random() * count)
  const second = (first + 1 + Math.floor(random() * (count - 1))) % count
  const [one, other] = [instances[first], instances[second]]
  if (!one || !other) return one ?? other
  return other.requests < one.requests ? other : one
}

/**
 * An instance that is not warm is drawn as often as all, and then kept with its share as the chance. Comparing loads
 * would not do: it has the least load of all just because it gets so little, and would win each time.
 */
function whileWarming<Instance extends Candidate>(
  instances: readonly Instance[],
  nowMs: number,
  random: Random,
): Instance | undefined {
  const drawn = instances[Math.floor(random() * instances.length)]
  const warm = instances.filter((each) => each.shareAt(nowMs) >= 1)
  const other = lessLoaded(warm, EVEN, random)
  if (!drawn || !other) return drawn ?? other
  const share = drawn.shareAt(nowMs)
  if (share < 1 && random() >= share) return other
  return other.requests < drawn.requests ? other : drawn
}
