import { no, yes } from '../core/gate.ts'
import type { ReleaseId } from '../core/names.ts'
import { living, shifted } from '../core/roles.ts'
import type { StepData } from '../core/plan.ts'
import type { Route, Weights } from '../core/route.ts'
import type { StepOptions, Steps, World } from '../core/step.ts'
import { carriedNow, readyOf, type Shortage, shortageIn } from './capacity.ts'
import { endedOf } from './ended.ts'
import { changeRoute, leaderOf, readTraffic, settings } from './route.ts'
import { startEnded } from './start-ended.ts'
import { shareOf, tooFew } from './too-few.ts'

const EACH_MS = 100

/**
 * Gives each release its share of the traffic, once every worker of the proxy has it. No release gets more than its ready
 * instances can carry, neither on the way there nor on the way back.
 */
export const shiftTraffic: Steps['shift-traffic'] = {
  do: async (data, world, options) => {
    const place = { world, options }
    let deadline = data.needs ? undefined : 0
    for (;;) {
      const short = await tryShift(data, place)
      if (!short) return yes
      const ended = await endedOf(world, short.members)
      if (ended) return no(ended)
      deadline ??= await deadlineFor(short.release, world)
      if (world.clock.steadyNow() >= deadline) return no(tooFew(short, data.to))
      await nap(short, place)
    }
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

/** Shifts when all who get more can carry it; else tells who cannot. Nobody changes the route in between. */
async function tryShift(shift: Shift, { world, options }: Place): Promise<Shortage | undefined> {
  const change = await changeTo(shift.to, shift, world)
  return world.exclusive(async () => {
    const traffic = await readTraffic(world, options)
    const short = shortageIn(traffic, shift.to, shift.needs?.to)
    if (!short) await world.router.apply(living(change(traffic.route)), options)
    return short
  })
}

async function apply(shift: Shift, weights: Weights, { world, options }: Place): Promise<void> {
  await changeRoute(world, await changeTo(weights, shift, world), options)
}

async function changeTo(
  weights: Weights,
  shift: Shift,
  world: World,
): Promise<(route: Route) => Route> {
  const leader = leaderOf(weights)
  const release = leader === undefined ? undefined : await world.release(leader)
  return (route) => shifted(release ? settings(route, release) : route, shift, weights)
}

/** By when instances of the release are given up, by the steady clock: later than one may take to start. */
async function deadlineFor(id: ReleaseId, world: World): Promise<number> {
  return world.clock.steadyNow() + (await world.release(id)).spec.ready.startupMs
}

async function nap({ ready, needed, release }: Shortage, { world, options }: Place): Promise<void> {
  options.report?.(`${ready} of ${needed} × ${release} ready`)
  await world.clock.sleep(EACH_MS, options)
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
  if (carried[short.release] !== weights[short.release])
    await apply(shift, carried, { world, options })
  return short
}
