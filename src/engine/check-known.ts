import { newerJournal } from '../core/newer-journal.ts'
import type { Rollout } from '../core/rollout.ts'
import type { Steps } from '../core/step.ts'

/** Before anything is touched: throws `journal-newer` when the plan has a kind of step that this version does not know. */
export function checkKnown(rollout: Rollout, steps: Steps): void {
  const unknown = rollout.plan.steps.find(({ kind }) => !Object.hasOwn(steps, kind))
  if (unknown) throw newerJournal(rollout.id, `step "${unknown.kind}"`)
}
