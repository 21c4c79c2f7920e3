import type { Plan, StepData } from '../core/plan.ts'

/**
 * The plan without the steps that end the old release: it runs on without traffic, so that the way back is short for as long
 * as the group may still be undone. For that time both sets run, whatever the strategy.
 */
export function keepOld(plan: Plan): Plan {
  const { from } = plan
  if (from === undefined) return plan
  return {
    ...plan,
    steps: plan.steps.filter((step) => !isEnding(step) || step.release !== from),
    keeps: plan.keeps ?? { release: from, warmMs: 0 },
  }
}

function isEnding(step: StepData): step is Extract<StepData, { kind: 'drain' | 'stop-instances' }> {
  return step.kind === 'drain' || step.kind === 'stop-instances'
}
