import type { ReleaseId } from '../core/names.ts'
import type { StepData } from '../core/plan.ts'
import type { Problem } from '../core/problem.ts'
import type { StepOptions, World } from '../core/step.ts'
import { shortageIn } from './capacity.ts'
import { endedOf } from './ended.ts'
import { readTraffic } from './route.ts'
import { tooFew } from './too-few.ts'

export const EACH_MS = 100

type Shift = Extract<StepData, { kind: 'shift-traffic' }>

/**
 * Resolves when each release that gets more has the ready instances it needs, or with why that will not be: one of them
 * ended, or they took longer than one may take to start. A shift that needs nothing in particular waits for nobody.
 */
export async function awaitCapacity(
  { to, needs }: Pick<Shift, 'to' | 'needs'>,
  world: World,
  options: StepOptions,
): Promise<Problem | undefined> {
  let deadline = needs ? undefined : 0
  for (;;) {
    const traffic = await readTraffic(world, options)
    const short = shortageIn(traffic, to, needs?.to)
    if (!short) return undefined
    const ids = traffic.route.instances.filter(({ release }) => release === short.release)
    const ended = await endedOf(
      world,
      ids.map(({ id }) => id),
    )
    if (ended) return ended
    deadline ??= await deadlineFor(short.release, world)
    if (world.clock.steadyNow() >= deadline) return tooFew(short, to)
    options.report?.(`${short.ready} of ${short.needed} × ${short.release} ready`)
    await world.clock.sleep(EACH_MS, options)
  }
}

/** By when instances of the release are given up, by the steady clock. */
export async function deadlineFor(id: ReleaseId, { clock, release }: World): Promise<number> {
  return clock.steadyNow() + (await release(id)).spec.ready.startupMs
}
