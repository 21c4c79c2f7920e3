import type { GroupMember } from '../../core/group.ts'
import type { ReleaseId } from '../../core/names.ts'
import { Problem, type ProblemJson } from '../../core/problem.ts'
import type { Rollout } from '../../core/rollout.ts'
import { rollback } from '../deploy.ts'
import { finishGroup } from './group-finish.ts'
import {
  begun,
  type Ended,
  endOf,
  findRollout,
  askerOf,
  type GroupWork,
  markGroup,
  memberAt,
} from './group-work.ts'

/** As often as a step is undone before it is called stuck; and at least as long as the release may take to get ready. */
const TRIES = 3
const AGAIN_MS = 1_000
/** It is waited twice as long after each try, up to this: every one of them stands in the history. */
const LONGEST_MS = 8_000

/**
 * Takes the members back in reverse order, each to the old release that was kept warm for it. One that cannot be taken back
 * leaves the group stuck: those before it stay, because what comes after them may need them as they are.
 */
export async function takeBack(work: GroupWork, from: number, because: ProblemJson): Promise<void> {
  for (let member = from; member >= 0; member -= 1) {
    const failure = await takeOneBack(work, member)
    if (failure)
      return finishGroup(work, 'stuck', await stuckAt(work, member, { failure, because }))
  }
  return finishGroup(work, 'undone', because)
}

/** Resolves with why it could not be taken back. */
async function takeOneBack(work: GroupWork, index: number): Promise<ProblemJson | undefined> {
  const { service, release: to } = memberAt(work, index)
  const deployed = await findRollout(work, service, { kind: 'deploy', to })
  if (!deployed) return undefined
  const ended = await endedOrAborted(work, deployed)
  if (ended.outcome === 'undone') return undefined
  if (ended.outcome === 'stuck') return ended.because ?? noReason(deployed)
  return goBack(work, index, deployed)
}

/** A member that was promoted, back to what served before it. */
async function goBack(
  work: GroupWork,
  index: number,
  deployed: Rollout,
): Promise<ProblemJson | undefined> {
  const to = deployed.plan.from
  // A first release has nothing to go back to: taking it away helps nobody.
  if (to === undefined) {
    await markGroup(work, { mark: 'returned', member: index })
    return undefined
  }
  await markGroup(work, { mark: 'return-begun', member: index })
  const failure = await attempts(work, deployed, to)
  if (failure) return failure
  await markGroup(work, { mark: 'returned', member: index, to })
  return undefined
}

/** A machine that is starved for a moment fails a few tries in a row. */
async function attempts(
  work: GroupWork,
  deployed: Rollout,
  to: ReleaseId,
): Promise<ProblemJson | undefined> {
  const { clock, releases } = work.tools
  const patienceMs = (await releases.read(deployed.service, to))?.spec.ready.startupMs ?? 0
  const deadline = clock.steadyNow() + patienceMs
  for (let tries = 1; ; tries += 1) {
    const failure = await attempt(work, deployed, to)
    if (!failure || (tries >= TRIES && clock.steadyNow() >= deadline)) return failure
    const pauseMs = Math.min(LONGEST_MS, AGAIN_MS * 2 ** (tries - 1))
    await clock.sleep(pauseMs, { signal: work.controls.halted })
  }
}

/** One way back, or the one that another controller began. Resolves with why it did not work. */
async function attempt(
  work: GroupWork,
  { id, service }: Rollout,
  to: ReleaseId,
): Promise<ProblemJson | undefined> {
  const { tools, crew } = work
  const last = await findRollout(work, service, { kind: 'rollback', to, after: id })
  const hasFailed = last?.state.phase === 'finished' && last.state.outcome !== 'promoted'
  const how = { to, by: askerOf(work) }
  const back =
    last && !hasFailed ? last : await begun(async () => rollback(tools, crew, service, how))
  if ('because' in back) return back.because.toJSON()
  const ended = await endOf(work, back)
  return ended.outcome === 'promoted' ? undefined : (ended.because ?? noReason(back))
}

/**
 * The end of a member's own rollout; one that goes on still is ended. What runs after its end is the way back that another
 * controller began: to end that one would bring back what is taken away.
 */
async function endedOrAborted(work: GroupWork, deployed: Rollout): Promise<Ended> {
  const isOver = deployed.state.phase === 'finished'
  return endOf(work, deployed, isOver ? undefined : AbortSignal.abort('its group is taken back'))
}

interface Reasons {
  readonly failure: ProblemJson
  readonly because: ProblemJson
}

async function stuckAt(
  work: GroupWork,
  index: number,
  { failure, because }: Reasons,
): Promise<ProblemJson> {
  const { service } = memberAt(work, index)
  const left = work.group.members.slice(0, index + 1).toReversed()
  const commands = await Promise.all(left.map(async (member) => commandFor(work, member)))
  return new Problem('group-undo-failed', {
    message: `${service} could not be taken back: ${failure.message}. The group was to be undone because ${because.message}`,
    hint: `${failure.hint} Then take back what is left, in this order: ${commands.flat().join('; ')}`,
    data: { because, failure, services: left.map((member) => member.service) },
  }).toJSON()
}

/** What a person types to do what could not be done. */
async function commandFor(work: GroupWork, { service, release }: GroupMember): Promise<string[]> {
  const deployed = await findRollout(work, service, { kind: 'deploy', to: release })
  const from = deployed?.plan.from
  return from === undefined ? [] : [`midflight rollback ${from} --service ${service}`]
}

function noReason({ id, service }: Rollout): ProblemJson {
  return new Problem('group-undo-failed', {
    message: `rollout ${id} of ${service} ended without a reason`,
    hint: 'See what was done: midflight history.',
  }).toJSON()
}
