import type { ReleaseId } from '../core/names.ts'
import type { Instance } from '../core/instance.ts'
import type { Release } from '../core/release.ts'
import { Problem } from '../core/problem.ts'
import { living } from '../core/roles.ts'
import type { Route, RouteInstance, Weights } from '../core/route.ts'
import type { StepOptions, World } from '../core/step.ts'
import type { Traffic } from '../core/traffic.ts'

/** What the router does now. Reality is asked each time; nothing of it is remembered between steps. */
export async function readTraffic(world: World, options: StepOptions): Promise<Traffic> {
  const traffic = await world.router.read(world.service, options)
  if (traffic) return traffic
  throw new Problem('route-missing', {
    message: `the proxy knows no route for ${world.service}`,
    hint: 'Its snapshot was lost or removed. Deploy again; the instances that run are found again.',
    data: { service: world.service },
  })
}

/** Changes the route as it is now; a change that makes no difference is safe to repeat. Who left has no role any more. */
export async function changeRoute(
  world: World,
  change: (route: Route) => Route,
  options: StepOptions,
): Promise<void> {
  await world.exclusive(async () => {
    const { route } = await readTraffic(world, options)
    await world.router.apply(living(change(route)), options)
  })
}

/** Before the first release there is no route: it begins with the release's own settings and no traffic. A worker has none. */
export async function ensureRoute(
  world: World,
  release: Release,
  options: StepOptions,
): Promise<void> {
  const { listen, ready, limits } = release.spec
  if (!listen || (await world.router.read(world.service, options))) return
  const empty = { service: release.service, weights: {}, instances: [], listen, ready, limits }
  await world.router.apply(settings(empty, release), options)
}

/** Where the service listens, what it allows and how its traffic is treated follow the release that leads. */
export function settings(route: Route, release: Release): Route {
  const { listen = route.listen, ready, limits, traffic } = release.spec
  const { traffic: _, ...rest } = route
  return { ...rest, listen, ready, limits, ...(traffic && { traffic }) }
}

/** The release with the largest share. */
export function leaderOf(weights: Weights): ReleaseId | undefined {
  return Object.entries(weights).toSorted(([, a], [, b]) => b - a)[0]?.[0]
}

/** An instance as the route names it, in the place of an older one in the same slot. */
export function join(route: Route, instance: Instance, release: Release): Route {
  const { ready, protocol } = release.spec
  const member: RouteInstance = {
    id: instance.id,
    release: instance.release,
    address: instance.address,
    generation: instance.generation,
    state: 'serving',
    ready,
    ...(protocol !== undefined && { protocol }),
  }
  return { ...route, instances: [...leave(route, [instance.id]).instances, member] }
}

export function leave(route: Route, ids: readonly string[]): Route {
  return { ...route, instances: route.instances.filter((each) => !ids.includes(each.id)) }
}

export function turn(route: Route, ids: readonly string[], state: RouteInstance['state']): Route {
  const instances = route.instances.map((each) =>
    ids.includes(each.id) ? { ...each, state } : each,
  )
  return { ...route, instances }
}
