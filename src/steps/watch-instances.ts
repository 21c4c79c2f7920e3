import { no } from '../core/gate.ts'
import { instanceId } from '../core/names.ts'
import type { StepOptions, Steps, World } from '../core/step.ts'
import { endedOf } from './ended.ts'

const EACH_MS = 200

/** Watches a worker's new instances: one that ends by itself is a reason to take the release back. */
export const watchInstances: Steps['watch-instances'] = {
  do: async ({ release, slots, hold }, world, options) => {
    const ids = slots.map((slot) => instanceId(world.service, release, slot))
    const begun = world.clock.steadyNow()
    for (;;) {
      const ended = await endedOf(world, ids)
      if (ended) return no(ended)
      const livedMs = world.clock.steadyNow() - begun
      const leftMs = hold === 'until-promoted' ? Infinity : hold - livedMs
      if (leftMs <= 0 || options.hurry?.aborted)
        return { kind: 'yes', note: `all ${ids.length} live` }
      options.report?.(`all ${ids.length} live, ${left(leftMs)}`)
      await nap(Math.min(EACH_MS, leftMs), world, options)
    }
  },

  // A look changes nothing.
  undo: async () => undefined,
  verify: async () => false,

  describe: ({ release, slots, hold }) => {
    const what = `watch ${slots.length} × ${release}`
    if (hold === 'until-promoted') return `${what}, until promoted`
    return hold === 0 ? what : `${what} for ${hold / 1_000}s`
  },
}

function left(ms: number): string {
  return ms === Infinity ? 'until promoted' : `${Math.ceil(ms / 1_000)}s left`
}

/** A person who promotes ends the nap at once; an abort rejects as everywhere. */
async function nap(ms: number, world: World, { signal, hurry }: StepOptions): Promise<void> {
  const signals = [signal, hurry].filter((each) => each !== undefined)
  try {
    await world.clock.sleep(ms, { signal: AbortSignal.any(signals) })
  } catch (error) {
    if (!hurry?.aborted || signal?.aborted) throw error
  }
}
