import type { Verdict } from '../core/gate.ts'
import { instanceId } from '../core/names.ts'
import type { Steps } from '../core/step.ts'
import type { InstanceTraffic } from '../core/traffic.ts'
import { changeRoute, readTraffic, turn } from './route.ts'

const EACH_MS = 50
/** A worker of a proxy that was killed is gone after half a minute; one of an older proxy, when its upgrade says so. */
const ORPHANS_MS = 31_000

/**
 * Takes instances out of the routes and waits, at most `stop.drain`, until what runs on them has finished; right after the
 * proxy was killed, until its workers are gone, half a minute at the most.
 * Swap before draining: a request that arrives in between must find the others.
 */
export const drain: Steps['drain'] = {
  do: async ({ release: id, slots }, world, options) => {
    const { stop } = (await world.release(id)).spec
    const ids = slots.map((slot) => instanceId(world.service, id, slot))
    await changeRoute(world, (route) => turn(route, ids, 'draining'), options)
    const begunMs = world.clock.steadyNow()
    for (;;) {
      const { instances, orphans = 0 } = await readTraffic(world, options)
      const busy = instances.filter((each) => ids.includes(each.id) && runs(each) > 0)
      const waitedMs = world.clock.steadyNow() - begunMs
      // They know nothing of the drain, and send requests here until they are gone.
      const isBlind = orphans > 0 && waitedMs < ORPHANS_MS
      if (busy.length === 0 && !isBlind) return { kind: 'yes', note: 'everything finished' }
      if (waitedMs >= stop.drainMs && !isBlind) return cut(busy, stop.drainMs)
      options.report?.(isBlind ? forOrphans(orphans) : `waiting for ${told(busy)}`)
      await world.clock.sleep(EACH_MS, options)
    }
  },

  undo: async ({ release, slots }, world, options) => {
    const ids = slots.map((slot) => instanceId(world.service, release, slot))
    await changeRoute(world, (route) => turn(route, ids, 'serving'), options)
  },

  // Whether it was waited long enough cannot be seen afterwards; waiting again is safe.
  verify: async () => false,

  describe: ({ release, slots }) => `drain ${slots.length} × ${release}`,
}

function runs(instance: InstanceTraffic): number {
  return instance.requests + instance.upgrades
}

function forOrphans(orphans: number): string {
  return `waiting for workers of a proxy that was killed, to finish what they have (${orphans} left)`
}

function told(busy: readonly InstanceTraffic[]): string {
  const requests = busy.reduce((sum, each) => sum + each.requests, 0)
  const upgrades = busy.reduce((sum, each) => sum + each.upgrades, 0)
  return `${requests} requests, ${upgrades} WebSockets`
}

/** The limit is the user's own wish, so reaching it is no failure; it is told. */
function cut(busy: readonly InstanceTraffic[], drainMs: number): Verdict {
  return { kind: 'yes', note: `${told(busy)} still ran after ${drainMs / 1_000}s and are cut` }
}
