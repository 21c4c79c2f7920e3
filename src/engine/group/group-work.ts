import type { Group, GroupEvent, GroupMark, GroupMember } from '../../core/group.ts'
import type { ReleaseId, ServiceName } from '../../core/names.ts'
import { Problem } from '../../core/problem.ts'
import type { Rollout, RolloutState } from '../../core/rollout.ts'
import { asProblem } from '../as-problem.ts'
import type { Controls } from '../controls.ts'
import type { Crew } from '../crew.ts'
import { memberEvent } from './group-events.ts'
import { isPassing } from '../mark.ts'
import type { Tools } from '../tools.ts'

const AGAIN_MS = 200

/** One group and all that it takes to roll it out. */
export interface GroupWork {
  readonly group: Group
  readonly tools: Tools
  readonly crew: Crew
  readonly controls: Controls
  readonly emit: (event: GroupEvent) => void
}

export type Ended = Extract<RolloutState, { phase: 'finished' }>

export function memberAt({ group }: GroupWork, index: number): GroupMember {
  const member = group.members[index]
  if (!member) throw new RangeError(`the group ${group.name} has no member ${index}`)
  return member
}

/** Who asks for the rollouts of a group, for their record: a person by way of the group. */
export function askerOf({ group: { name, by } }: GroupWork): string {
  return by === undefined ? `group ${name}` : `${by} (group ${name})`
}

/** Writes what comes next, or what is over; nothing is done before this resolves. */
export async function markGroup(work: GroupWork, mark: GroupMark): Promise<void> {
  await work.tools.groups.append(work.group.id, mark)
  work.emit(memberEvent(work.group, mark))
}

/** The rollout of this kind that brings a service to this release, whoever began it; the newest one. */
export async function findRollout(
  { tools }: GroupWork,
  service: ServiceName,
  wanted: { readonly kind: Rollout['kind']; readonly to: ReleaseId; readonly after?: number },
): Promise<Rollout | undefined> {
  const all = await tools.rollouts.list(service)
  return all.find(
    ({ id, kind, plan }) =>
      kind === wanted.kind && plan.to === wanted.to && id > (wanted.after ?? 0),
  )
}

/** Begins a rollout. What keeps it from beginning is an outcome, unless it is the state that cannot be written. */
export async function begun(
  begin: () => Promise<Rollout>,
): Promise<Rollout | { readonly because: Problem }> {
  try {
    return await begin()
  } catch (error) {
    if (isPassing(error)) throw error
    const because = asProblem(error)
    if (because.code === 'lease-lost') throw because
    return { because }
  }
}

/**
 * Waits for the end of a rollout, also when another turn of the keeper has to take it up again; an `abort` is then told to
 * whoever executes it. Rejects when halted.
 */
export async function endOf(
  work: GroupWork,
  { id, service }: Rollout,
  abort?: AbortSignal,
): Promise<Ended> {
  const { tools, crew, controls } = work
  for (;;) {
    const forget = abort && passAbort(crew, service, abort)
    await crew.ended(service).finally(forget)
    controls.halted.throwIfAborted()
    const state = (await tools.rollouts.read(id))?.state
    if (state?.phase === 'finished') return state
    await tools.clock.sleep(AGAIN_MS, { signal: controls.halted })
  }
}

/** Why a person ends the group. */
export function abortOf({ aborted }: Controls): Problem | undefined {
  return aborted.aborted ? asProblem(aborted.reason) : undefined
}

/** An abort of the group is one of the member that rolls out, until the returned function is called. */
function passAbort(crew: Crew, service: ServiceName, abort: AbortSignal): () => void {
  const pass = () => {
    if (crew.isRunning(service)) crew.controlsOf(service).abort(reasonOf(abort))
  }
  if (abort.aborted) pass()
  abort.addEventListener('abort', pass)
  return () => {
    abort.removeEventListener('abort', pass)
  }
}

/** In the words of whoever ended it. */
function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Problem ? String(reason.data['reason']) : String(reason)
}
