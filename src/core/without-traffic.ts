import type { JudgeSpec } from './judge.ts'
import type { Plan, StepData, StepKind } from './plan.ts'

/** What a worker has no use for. */
const OF_TRAFFIC: readonly StepKind[] = ['shift-traffic', 'drain', 'open-preview', 'close-preview']

/**
 * The plan of a worker: the same instances come and go in the same order, and the gate only watches whether they live. Of the
 * judge's questions those about answers are left out; whether instances grow is asked of workers too. Whoever else is asked while a gate watches is asked when it has watched.
 */
export function withoutTraffic(plan: Plan): Plan {
  const { judge, ...rest } = plan
  const steps = plan.steps.filter(({ kind }) => !OF_TRAFFIC.includes(kind))
  return {
    ...rest,
    ...(judge?.memory && { judge: ofGrowth(judge) }),
    steps: steps.flatMap(watched),
  }
}

function ofGrowth({ alpha, memory }: JudgeSpec): JudgeSpec {
  return {
    alpha,
    errors: false,
    refusals: false,
    memory,
    early: false,
    inconclusive: 'go-on',
  }
}

function watched(step: StepData): readonly StepData[] {
  if (step.kind !== 'ask-gate') return [step]
  const { release, slots, hold, during = [] } = step
  return [{ kind: 'watch-instances', release, slots, hold }, ...during]
}
