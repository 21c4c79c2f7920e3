import { no, type Verdict } from '../core/gate.ts'
import type { InstanceId } from '../core/names.ts'
import type { Release } from '../core/release.ts'
import type { StepOptions, World } from '../core/step.ts'
import { endedOf } from './ended.ts'

const EACH_MS = 100

interface Where {
  readonly world: World
  readonly options: StepOptions
}

/** Waits until every one of these instances of a worker has lived for `ready.alive`; `no` as soon as one ends. */
export async function live(
  { spec }: Release,
  ids: readonly InstanceId[],
  { world, options }: Where,
): Promise<Verdict> {
  const aliveMs = spec.ready.aliveMs ?? 0
  const begun = world.clock.steadyNow()
  for (;;) {
    const ended = await endedOf(world, ids)
    if (ended) return no(ended)
    const livedMs = world.clock.steadyNow() - begun
    const all = `${ids.length}/${ids.length}`
    if (livedMs >= aliveMs) return { kind: 'yes', note: `${all} alive for ${aliveMs / 1_000}s` }
    options.report?.(`${all} alive for ${(livedMs / 1_000).toFixed(1)}s`)
    await world.clock.sleep(Math.min(EACH_MS, aliveMs - livedMs), options)
  }
}
