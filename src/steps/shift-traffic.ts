import { no, yes } from '../core/gate.ts'
import { shifted } from '../core/roles.ts'
import type { StepData } from '../core/plan.ts'
import type { Route, Weights } from '../core/route.ts'
import type { StepOptions, Steps, World } from '../core/step.ts'
import { carriedNow, readyOf, type Shortage, shortageIn } from './capacity.ts'
import { awaitCapacity, deadlineFor, EACH_MS } from './await-capacity.ts'
import { changeRoute, leaderOf, readTraffic, settings } from './route.ts'
import { startEnded } from './start-ended.ts'
import { shareOf, tooFew } from './too-few.ts'

/**
 * Gives each release its share of the traffic, once every worker of the proxy has it. No release gets more than its ready
 * instances can carry, neither on the way there nor on the way back.
 */
export const shiftTraffic: Steps['shift-traffic'] = {
  do: async (data, world, options) => {
    const fault = await awaitCapacity(data, world, options)
    if (fault) return no(fault)
    await apply(data, data.to, { world, options })
    return yes
  },

  undo: async (data, world, options) => {
    if (data.needs) await giveBack(data, { world, options })
    await apply(data, data.from, { world, options })
  },

  verify: async ({ to }, world) => {
    const route = (await world.router.read(world.service))?.route
    return route !== undefined && shareOf(route.weights) === shareOf(to)
  },

  describe: ({ to }) => `shift ${shareOf(to)}`,
}

type Shift = Extract<StepData, { kind: 'shift-traffic' }>

interface Place {
  readonly world: World
  readonly options: StepOptions
}

async function apply(shift: Shift, weights: Weights, { world, options }: Place): Promise<void> {
  const leader = leaderOf(weights)
  const release = leader === undefined ? undefined : await world.release(leader)
  const change = (route: Route): Route =>
    shifted(release ? settings(route, release) : route, shift, weights)
  await changeRoute(world, change, options)
}

/**
 * Moves back what can be carried at once and the rest as instances come up again. When nobody else can serve either, it
 * ends at once: few instances are better than none. Rejects with `release-not-ready`.
 */
async function giveBack(shift: Shift, place: Place): Promise<void> {
  const { world, options } = place
  const first = await lookBack(shift, place)
  if (!first) return
  await startEnded(first.release, world, options)
  const deadline = await deadlineFor(first.release, world)
  for (let short: Shortage | undefined = first; short; short = await lookBack(shift, place)) {
    if (world.clock.steadyNow() >= deadline) throw tooFew(short, shift.from)
    options.report?.(`${short.ready} of ${short.needed} × ${short.release} ready`)
    await world.clock.sleep(EACH_MS, options)
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
  if (carried[short.release] !== weights[short.release])
    await apply(shift, carried, { world, options })
  return short
}
