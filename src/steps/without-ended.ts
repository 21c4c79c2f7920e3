import type { World } from '../core/step.ts'
import type { Traffic } from '../core/traffic.ts'

/**
 * What the router sees of the instances that run: that one is down which ended, or was started again and is not the router's
 * yet, says nothing of its health.
 */
export async function withoutEnded(traffic: Traffic, world: World): Promise<Traffic> {
  const all = await world.runtime.list(world.service)
  const isHere = (id: string): boolean => {
    const instance = all.find((each) => each.id === id)
    const member = traffic.route.instances.find((each) => each.id === id)
    return instance?.state.kind === 'running' && instance.generation === member?.generation
  }
  return { ...traffic, instances: traffic.instances.filter(({ id }) => isHere(id)) }
}
