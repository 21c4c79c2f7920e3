import { placeOf } from '../../core/group.ts'
import type { Plan } from '../../core/plan.ts'
import type { Problem, ProblemJson } from '../../core/problem.ts'
import type { Rollout } from '../../core/rollout.ts'
import { asProblem } from '../as-problem.ts'
import { deploy } from '../deploy.ts'
import { finishGroup } from './group-finish.ts'
import { groupPlan } from './group-plan.ts'
import { takeBack } from './group-return.ts'
import {
  abortOf,
  begun,
  endOf,
  findRollout,
  askerOf,
  type GroupWork,
  markGroup,
  memberAt,
} from './group-work.ts'
import { withDoubts } from '../look-ahead.ts'
import { findRelease } from '../world.ts'

/**
 * Rolls the members out one after the other, from wherever the marks say the group stands: from the first one, or after a
 * crash. Resolves when it has ended, promoted or undone or stuck. Rejects when this controller must let go of it.
 */
export async function runGroup(work: GroupWork): Promise<void> {
  const { group, tools, controls } = work
  const place = placeOf(await tools.groups.marks(group.id))
  if (place.phase === 'undoing') return takeBack(work, place.member, place.because)
  const count = group.members.length
  for (let member = place.member; member < count; member += 1) {
    const because = abortOf(controls)?.toJSON() ?? (await rollOut(work, member))
    if (because) return turn(work, member, because)
  }
  const late = abortOf(controls)
  if (late) return turn(work, count - 1, late.toJSON())
  return finishGroup(work, 'promoted')
}

async function turn(work: GroupWork, member: number, because: ProblemJson): Promise<void> {
  await markGroup(work, { mark: 'turned', member, because })
  return takeBack(work, member, because)
}

/** Rolls one member out, with its own gates; tells why when all must be taken back. */
async function rollOut(work: GroupWork, index: number): Promise<ProblemJson | undefined> {
  const { service } = memberAt(work, index)
  const rollout = await launched(work, index)
  if ('because' in rollout) return told(service, rollout.because.toJSON())
  const ended = await endOf(work, rollout, work.controls.aborted)
  if (ended.outcome !== 'promoted') return told(service, ended.because ?? reasonless(rollout))
  await markGroup(work, { mark: 'promoted', member: index, rollout: rollout.id })
  return undefined
}

/** The member's rollout: begun now, or found where another controller left it. */
async function launched(
  work: GroupWork,
  index: number,
): Promise<Rollout | { readonly because: Problem }> {
  const { tools, crew } = work
  const { service, release: to, doubts = [] } = memberAt(work, index)
  const found = await findRollout(work, service, { kind: 'deploy', to })
  if (found) return found
  await markGroup(work, { mark: 'begun', member: index })
  return begun(async () => {
    const release = await findRelease(tools, service, to)
    const amend = (plan: Plan) => groupPlan(withDoubts(doubts)(plan), release)
    return deploy(tools, crew, release, { amend, by: askerOf(work) })
  })
}

/** The reason of one member, as the reason of all. */
function told(service: string, because: ProblemJson): ProblemJson {
  return { ...because, message: `${service}: ${because.message}` }
}

function reasonless({ id, plan }: Rollout): ProblemJson {
  return asProblem(new Error(`rollout ${id} of ${plan.to} ended without a reason`)).toJSON()
}
