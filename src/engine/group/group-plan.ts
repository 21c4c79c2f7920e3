import type { Plan } from '../../core/plan.ts'
import type { Release } from '../../core/release.ts'
import { keepOld } from '../keep-old.ts'

/**
 * The plan of a release as a member of a group. A worker cannot be kept without work: an old one beside the new one would go
 * on taking jobs.
 */
export function groupPlan(plan: Plan, { spec }: Pick<Release, 'spec'>): Plan {
  return spec.listen === undefined ? plan : keepOld(plan)
}
