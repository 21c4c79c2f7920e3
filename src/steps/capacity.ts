import { ALL, type InstanceId, type ReleaseId } from '../core/names.ts'
import type { Needs } from '../core/plan.ts'
import type { Weights } from '../core/route.ts'
import type { Traffic } from '../core/traffic.ts'

/** A release that cannot carry what it is to get. */
export interface Shortage {
  readonly release: ReleaseId
  readonly ready: number
  readonly needed: number
  /** Its instances by the route. */
  readonly members: readonly InstanceId[]
}

/**
 * The first release that would get a larger share than now and has too few ready instances for it. Whoever gets less is
 * not asked: to keep more would help nobody.
 */
export function shortageIn(traffic: Traffic, to: Weights, needs?: Needs): Shortage | undefined {
  for (const [release, share] of Object.entries(to)) {
    const needed = needs?.[release] ?? 1
    const ready = readyOf(traffic, release)
    const grows = share > (traffic.route.weights[release] ?? 0)
    if (!grows || ready >= needed) continue
    const members = traffic.route.instances.filter((each) => each.release === release)
    return { release, ready, needed, members: members.map(({ id }) => id) }
  }
  return undefined
}

/** How many instances of the release may get requests now. */
export function readyOf({ instances, route }: Traffic, release: ReleaseId): number {
  const serving = route.instances.filter(({ state }) => state === 'serving').map(({ id }) => id)
  const up = instances.filter((each) => each.health === 'up' && !each.ejected)
  return up.filter((each) => each.release === release && serving.includes(each.id)).length
}

/** On the way to these weights, as much as a release that is short of instances can carry; others keep the rest. */
export function carriedNow(
  now: Weights,
  to: Weights,
  { release, ready, needed }: Pick<Shortage, 'release' | 'ready' | 'needed'>,
): Weights {
  const others = Object.entries(now).filter(([id]) => id !== release)
  const has = now[release] ?? 0
  const share = Math.max(has, Math.floor(((to[release] ?? 0) * ready) / needed))
  const given = others.reduce((sum, [, each]) => sum + each, 0)
  const [first, ...more] = others.map(
    ([id, each]) => [id, Math.floor((each * (ALL - share)) / given)] as const,
  )
  if (!first) return now
  const rest = ALL - share - more.reduce((sum, [, each]) => sum + each, 0)
  return Object.fromEntries([[release, share], [first[0], rest], ...more])
}
