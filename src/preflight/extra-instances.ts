import type { Plan } from '../core/plan.ts'

/** How many instances run beyond those that run before the rollout: the most at once, and after it. */
export function extraInstances({ steps }: Plan): { readonly most: number; readonly after: number } {
  let [now, most] = [0, 0]
  for (const step of steps) {
    if (step.kind === 'start-instances') now += step.slots.length
    if (step.kind === 'stop-instances') now -= step.slots.length
    most = Math.max(most, now)
  }
  return { most, after: now }
}
