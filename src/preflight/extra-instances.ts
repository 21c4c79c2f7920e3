import type { Plan } from '../core/plan.ts'

/** How many instances run at once during the rollout beyond those that run before it. */
export function extraInstances({ steps }: Plan): number {
  let [now, most] = [0, 0]
  for (const step of steps) {
    if (step.kind === 'start-instances') now += step.slots.length
    if (step.kind === 'stop-instances') now -= step.slots.length
    most = Math.max(most, now)
  }
  return most
}
