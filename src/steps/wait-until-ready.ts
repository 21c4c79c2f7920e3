import { no, type Verdict } from '../core/gate.ts'
import { instanceId, type InstanceId } from '../core/names.ts'
import { Problem } from '../core/problem.ts'
import type { Release } from '../core/release.ts'
import type { Steps, World } from '../core/step.ts'
import type { InstanceTraffic } from '../core/traffic.ts'
import { endedOf } from './ended.ts'
import { live } from './live.ts'
import { readTraffic } from './route.ts'

const EACH_MS = 100

/** Waits until the proxy itself has seen every instance ready, as often in a row as the service asks for. */
export const waitUntilReady: Steps['wait-until-ready'] = {
  do: async ({ release: id, slots }, world, options) => {
    const release = await world.release(id)
    const ids = slots.map((slot) => instanceId(world.service, id, slot))
    if (!release.spec.listen) return live(release, ids, { world, options })
    const begun = world.clock.steadyNow()
    const deadline = begun + release.spec.ready.startupMs
    for (;;) {
      const { instances } = await readTraffic(world, options)
      const late = ids.filter((each) => healthOf(instances, each)?.health !== 'up')
      if (late.length === 0)
        return { kind: 'yes', note: `${ids.length}/${ids.length} in ${seconds(world, begun)}s` }
      const ended = await endedOf(world, late)
      if (ended) return no(ended)
      if (world.clock.steadyNow() >= deadline) return tooLate(release, late, instances)
      options.report?.(
        `${ids.length - late.length}/${ids.length} ready after ${seconds(world, begun)}s`,
      )
      await world.clock.sleep(EACH_MS, options)
    }
  },

  // Nothing was changed, so nothing is taken back.
  undo: async () => undefined,

  verify: async ({ release, slots }, world) => {
    const traffic = await world.router.read(world.service)
    return slots.every(
      (slot) =>
        healthOf(traffic?.instances ?? [], instanceId(world.service, release, slot))?.health ===
        'up',
    )
  },

  describe: ({ release, slots }) => `wait until ${slots.length} × ${release} ready`,
}

function healthOf(all: readonly InstanceTraffic[], id: InstanceId): InstanceTraffic | undefined {
  return all.find((each) => each.id === id)
}

function seconds(world: World, since: number): string {
  return ((world.clock.steadyNow() - since) / 1_000).toFixed(1)
}

function tooLate(
  release: Release,
  late: readonly InstanceId[],
  all: readonly InstanceTraffic[],
): Verdict {
  const [first = '', ...more] = late
  const { ready } = release.spec
  const reason = healthOf(all, first)?.reason ?? `never reached on GET ${ready.path}`
  const others = more.length === 0 ? '' : `; nor was ${more.join(', nor ')}`
  return no(
    new Problem('instance-not-ready', {
      message: `${first} was not ready after ${ready.startupMs / 1_000}s: ${reason}${others}`,
      hint: `See its output: midflight logs ${release.id}. If it only needs longer, raise ready.startup.`,
      data: { instances: late, path: ready.path, reason, startupMs: ready.startupMs },
    }),
  )
}
