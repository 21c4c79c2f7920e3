import { applyWeights, type Place, type Shift } from './apply-weights.ts'
import { carriedNow, readyOf, type Shortage, shortageIn } from './capacity.ts'
import { deadlineFor, nap } from './patience.ts'
import { readTraffic } from './route.ts'
import { startEnded } from './start-ended.ts'
import { tooFew } from './too-few.ts'

/**
 * Moves back what can be carried at once and the rest as instances come up again. When nobody else can serve either, it
 * ends at once: few instances are better than none. Rejects with `release-not-ready`.
 */
export async function giveBack(shift: Shift, place: Place): Promise<void> {
  const { world, options } = place
  const first = await lookBack(shift, place)
  if (!first) return
  await startEnded(first.release, world, options)
  const deadline = await deadlineFor(first.release, world)
  for (let short: Shortage | undefined = first; short; short = await lookBack(shift, place)) {
    if (world.clock.steadyNow() >= deadline) throw tooFew(short, shift.from)
    await nap(short, place)
  }
}

/** Who is still too short of instances to get back everything, after it got what it can carry. */
async function lookBack(shift: Shift, { world, options }: Place): Promise<Shortage | undefined> {
  const traffic = await readTraffic(world, options)
  const short = shortageIn(traffic, shift.from, shift.needs?.from)
  const { weights } = traffic.route
  const others = Object.keys(weights).filter((each) => each !== short?.release)
  if (!short || others.every((each) => readyOf(traffic, each) === 0)) return undefined
  const carried = carriedNow(weights, shift.from, short)
  if (carried[short.release] !== (weights[short.release] ?? 0))
    await applyWeights(shift, carried, { world, options })
  return short
}
