import { ALL, instanceId } from '../core/names.ts'
import type { StepData } from '../core/plan.ts'
import type { Route } from '../core/route.ts'
import type { StepOptions, World } from '../core/step.ts'
import { readTraffic } from './route.ts'

export type Preview = Omit<Extract<StepData, { kind: 'open-preview' }>, 'kind'>

/** No service can have it: a name has no dot. */
export function previewName({ service }: World): string {
  return `${service}.preview`
}

/**
 * A route of its own: who comes there is counted apart. The instances have other ids there, because the proxy checks each
 * id once. It speaks plain HTTP, without the service’s rules, rates or log.
 */
export async function previewRoute(
  data: Preview,
  world: World,
  options: StepOptions,
): Promise<Route> {
  const { route } = await readTraffic(world, options)
  const { spec } = await world.release(data.release)
  const service = previewName(world)
  const { rate: _, ...limits } = spec.limits
  const instances = data.slots.flatMap((slot) => {
    const own = instanceId(world.service, data.release, slot)
    const member = route.instances.find((each) => each.id === own)
    return member ? [{ ...member, id: instanceId(service, data.release, slot) }] : []
  })
  const weights = { [data.release]: ALL }
  return { service, listen: data.listen, weights, instances, ready: spec.ready, limits }
}

export function previewPlace({ listen: { host, port } }: Preview): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
