import type { Instance } from '../../core/instance.ts'
import type { Lives } from '../../core/judge.ts'
import type { InstanceId } from '../../core/names.ts'
import type { Plan } from '../../core/plan.ts'
import type { RouteInstance } from '../../core/route.ts'

/** Counts the instances of both releases, time after time, and notices which of them ended by themselves in between. */
export class HeadCount {
  readonly #plan: Pick<Plan, 'from' | 'to'>
  /** What served at the last count; nothing before the first, which only says where things stand. */
  #before: ReadonlyMap<InstanceId, Instance> | undefined

  constructor(plan: Pick<Plan, 'from' | 'to'>) {
    this.#plan = plan
  }

  /** Who is in no route any more, or leaves, was asked to end. One that is another process already has ended before. */
  take(all: readonly Instance[], members: readonly RouteInstance[]): Lives {
    const { from, to } = this.#plan
    const serving = new Set(members.filter(({ state }) => state === 'serving').map(({ id }) => id))
    const now = all.filter(
      ({ id, release }) => serving.has(id) && (release === to || release === from),
    )
    const before = this.#before ?? new Map(now.map((each) => [each.id, each]))
    this.#before = new Map(now.map((each) => [each.id, each]))
    return {
      running: { candidate: running(before, to), stable: running(before, from) },
      ended: now
        .filter((each) => hasEnded(each, before.get(each.id)))
        .map(({ id, release }) => ({ instance: id, release })),
    }
  }
}

function running(all: ReadonlyMap<InstanceId, Instance>, release: string | undefined): number {
  return [...all.values()].filter((each) => each.release === release && isRunning(each)).length
}

/** Once for each process: one that is ended is told when it is found so, not again when another has taken its place. */
function hasEnded(now: Instance, before: Instance | undefined): boolean {
  if (now.generation === before?.generation) return isRunning(before) && !isRunning(now)
  return !isRunning(now) || (before !== undefined && isRunning(before))
}

function isRunning({ state }: Instance): boolean {
  return state.kind === 'running'
}
