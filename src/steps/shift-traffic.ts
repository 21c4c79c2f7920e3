import { no, yes } from '../core/gate.ts'
import { living } from '../core/roles.ts'
import type { Steps } from '../core/step.ts'
import { applyWeights, changeTo, type Place, type Shift } from './apply-weights.ts'
import { type Shortage, shortageIn } from './capacity.ts'
import { endedOf } from './ended.ts'
import { giveBack } from './give-back.ts'
import { deadlineFor, nap } from './patience.ts'
import { readTraffic } from './route.ts'
import { shareOf, tooFew } from './too-few.ts'

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
    await applyWeights(data, data.from, { world, options })
  },

  verify: async ({ to }, world) => {
    const route = (await world.router.read(world.service))?.route
    return route !== undefined && shareOf(route.weights) === shareOf(to)
  },

  describe: ({ to }) => `shift ${shareOf(to)}`,
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
