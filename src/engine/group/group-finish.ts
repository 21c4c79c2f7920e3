import type { ProblemJson } from '../../core/problem.ts'
import type { Outcome } from '../../core/rollout.ts'
import type { GroupWork } from './group-work.ts'

/** Closes the group. From then on the keeper ends what was kept warm for it. */
export async function finishGroup(
  { tools, group, emit }: GroupWork,
  outcome: Outcome,
  because?: ProblemJson,
): Promise<void> {
  await tools.groups.close(group.id, outcome, because)
  const closed = await tools.groups.read(group.id)
  if (closed) emit({ event: 'finished', group: closed })
}
