import type { StepData } from '../core/plan.ts'
import type { Release } from '../core/release.ts'
import type { RolloutSpec } from '../core/rollout-spec.ts'
import type { Now } from '../core/strategy.ts'

/** The same steps with a preview of the new release, from when its first instances are ready to the end. */
export function previewed(
  now: Now,
  next: Release,
  { preview: listen }: RolloutSpec,
  steps: readonly StepData[],
): readonly StepData[] {
  const ready = steps.findIndex(({ kind }) => kind === 'wait-until-ready')
  const first = steps[ready]
  // The first release of all is nobody's candidate.
  if (!listen || !now.live || first?.kind !== 'wait-until-ready') return steps
  const preview = { release: next.id, slots: first.slots, listen }
  return [
    ...steps.slice(0, ready + 1),
    { kind: 'open-preview', ...preview },
    ...steps.slice(ready + 1),
    { kind: 'close-preview', ...preview },
  ]
}
