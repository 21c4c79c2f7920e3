import type { ReleaseId } from '../core/names.ts'
import type { StepOptions, World } from '../core/step.ts'
import { startInstances } from './start-instances.ts'

/** Starts those instances of the release again that serve by the route and have ended by themselves. */
export async function startEnded(
  release: ReleaseId,
  world: World,
  options: StepOptions,
): Promise<void> {
  const route = (await world.router.read(world.service, options))?.route
  const serving = route?.instances.filter(({ state }) => state === 'serving').map(({ id }) => id)
  const slots = (await world.runtime.list(world.service))
    .filter((each) => each.release === release && each.state.kind === 'ended')
    .filter((each) => serving?.includes(each.id))
    .map(({ slot }) => slot)
  if (slots.length > 0)
    await startInstances.do({ kind: 'start-instances', release, slots }, world, options)
}
