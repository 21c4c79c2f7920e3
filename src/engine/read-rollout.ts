import { Problem } from '../core/problem.ts'
import type { Rollout, RolloutId } from '../core/rollout.ts'
import type { Tools } from './tools.ts'

/** Rejects with `rollout-unknown`. */
export async function readRollout(
  { rollouts }: Pick<Tools, 'rollouts'>,
  id: RolloutId,
): Promise<Rollout> {
  const rollout = await rollouts.read(id)
  if (rollout) return rollout
  throw new Problem('rollout-unknown', {
    message: `there is no rollout ${id}`,
    hint: 'See which there are: midflight history',
    data: { rollout: id },
  })
}
