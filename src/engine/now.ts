import type { Instance } from '../core/instance.ts'
import type { ServiceName } from '../core/names.ts'
import type { Plan } from '../core/plan.ts'
import { Problem } from '../core/problem.ts'
import type { Release } from '../core/release.ts'
import type { RolloutSpec } from '../core/rollout-spec.ts'
import type { Route } from '../core/route.ts'
import type { Now, Running } from '../core/strategy.ts'
import { withoutTraffic } from '../core/without-traffic.ts'
import type { Strategies, Tools } from './tools.ts'

/** What runs now: asked from the runtime, not remembered. */
export async function readNow(tools: Tools, service: ServiceName): Promise<Now> {
  const record = await tools.services.read(service)
  const [instances, traffic] = await Promise.all([
    tools.runtime.list(service),
    tools.router.read(service),
  ])
  const byRelease = Map.groupBy(instances, (instance) => instance.release)
  const running = [...byRelease].map(([release, each]): Running => ({
    release,
    slots: slotsOf(each),
    serving: slotsOf(each.filter((instance) => serves(instance, traffic?.route))),
  }))
  const others = running.filter((each) => each.release !== record?.live)
  if (record?.live === undefined) return { others }
  const live = running.find((each) => each.release === record.live)
  return { live: live ?? { release: record.live, slots: [] }, others }
}

function slotsOf(instances: readonly Instance[]): readonly number[] {
  return instances.map((instance) => instance.slot).toSorted((a, b) => a - b)
}

function serves({ id, generation, state }: Instance, route?: Route): boolean {
  const member = route?.instances.find((each) => each.id === id && each.generation === generation)
  return state.kind === 'running' && member?.state === 'serving'
}

export function planFor(strategies: Strategies, now: Now, next: Release, spec: RolloutSpec): Plan {
  // Before the first release there is nothing to compare with.
  const judged = spec.judge && now.live && { judge: spec.judge }
  const plan = { ...planBy(strategies, now, next, spec), ...judged }
  return next.spec.listen ? plan : withoutTraffic(plan)
}

function planBy(strategies: Strategies, now: Now, next: Release, spec: RolloutSpec): Plan {
  switch (spec.strategy) {
    case 'rolling':
      return strategies.rolling(now, next, spec)
    case 'blue-green':
      return strategies['blue-green'](now, next, spec)
    case 'canary':
      return strategies.canary(now, next, spec)
  }
}

/** `v` and the number after the highest one so far. */
export function nextId(releases: readonly Release[]): string {
  const numbers = releases.map(({ id }) => Number(/^v(\d+)$/.exec(id)?.[1] ?? 0))
  return `v${Math.max(0, ...numbers) + 1}`
}

export function checkNewId(id: string, releases: readonly Release[]): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(id)) {
    throw new Problem('release-name-invalid', {
      message: `"${id}" cannot name a release`,
      hint: 'Use up to 63 letters, digits, ".", "_" and "-", a letter or digit first: v42, 2026-11-21, 1.4.0.',
      data: { release: id },
    })
  }
  if (!releases.some((release) => release.id === id)) return
  throw new Problem('release-exists', {
    message: `release ${id} exists already, and a release never changes`,
    hint: `Leave the name out to get ${nextId(releases)}, choose another one, or go back to it: midflight rollback ${id}`,
    data: { release: id },
  })
}
