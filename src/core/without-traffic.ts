import type { Plan, StepData, StepKind } from './plan.ts'

/** What a worker has no use for. */
const OF_TRAFFIC: readonly StepKind[] = ['shift-traffic', 'drain', 'open-preview', 'close-preview']

/** The plan of a worker: the same instances come and go in the same order, and each gate only asks whether they live. */
export function withoutTraffic({ judge: _, ...plan }: Plan): Plan {
  const steps = plan.steps.filter(({ kind }) => !OF_TRAFFIC.includes(kind))
  return { ...plan, steps: steps.map(watched) }
}

function watched(step: StepData): StepData {
  if (step.kind !== 'ask-gate') return step
  const { release, slots, hold } = step
  return { kind: 'watch-instances', release, slots, hold }
}
