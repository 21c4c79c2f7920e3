import type { Answer, AskOptions } from '../core/asking.ts'
import type { TrafficQuestion } from '../core/gate.ts'
import type { PassGate } from '../core/plan.ts'
import type { StepOptions, World } from '../core/step.ts'
import { NO_COUNTS, since } from '../core/traffic.ts'
import { readTraffic } from './route.ts'

const EACH_MS = 200

/** Waits until the new release has got as many requests in this rollout as were asked for, or a person promotes. */
export async function enoughTraffic(
  { requests: wanted }: TrafficQuestion,
  { release }: PassGate,
  world: World,
  options: AskOptions & StepOptions,
): Promise<Answer> {
  const { clock } = world
  const begun = clock.steadyNow()
  for (;;) {
    const counts = (await readTraffic(world, options)).counts[release] ?? NO_COUNTS
    const { requests } = since(world.baseline(release), counts)
    const seen = `${requests} of ${wanted} requests`
    if (requests >= wanted) return { kind: 'yes', note: `${requests} requests` }
    if (options.hurry?.aborted) return { kind: 'yes', note: `promoted by a person after ${seen}` }
    if (clock.steadyNow() - begun >= (options.timeoutMs ?? Infinity))
      return { kind: 'none', why: `${release} got ${seen}` }
    options.report?.(`${seen} so far`)
    await clock.sleep(EACH_MS, options.signal ? { signal: options.signal } : {})
  }
}
