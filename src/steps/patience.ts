import type { ReleaseId } from '../core/names.ts'
import type { World } from '../core/step.ts'
import type { Place } from './apply-weights.ts'
import type { Shortage } from './capacity.ts'

const EACH_MS = 100

/** By when instances of the release are given up, by the steady clock: later than one may take to start. */
export async function deadlineFor(id: ReleaseId, world: World): Promise<number> {
  return world.clock.steadyNow() + (await world.release(id)).spec.ready.startupMs
}

/** Until it is worth looking again. */
export async function nap(
  { ready, needed, release }: Shortage,
  { world, options }: Place,
): Promise<void> {
  options.report?.(`${ready} of ${needed} × ${release} ready`)
  await world.clock.sleep(EACH_MS, options)
}
