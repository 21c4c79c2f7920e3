import type { Instance } from '../core/instance.ts'
import type { Lives } from '../core/judge.ts'
import type { InstanceId } from '../core/names.ts'
import type { Plan } from '../core/plan.ts'
import type { RouteInstance } from '../core/route.ts'

/** Counts the instances of both releases, time after time, and notices which of them ended by themselves in between. */
export class HeadCount {
  readonly #plan: Pick<Plan, 'from' | 'to'>
  #ran: readonly Instance[] = []

  constructor(plan: Pick<Plan, 'from' | 'to'>) {
    this.#plan = plan
  }

  /** Who is in no route any more, or leaves, was asked to end. One that is another process already has ended before. */
  take(all: readonly Instance[], members: readonly RouteInstance[]): Lives {
    const serving = new Set(members.filter(({ state }) => state === 'serving').map(({ id }) => id))
    const { from, to } = this.#plan
    const lives = {
      running: { candidate: this.#countOf(to), stable: this.#countOf(from) },
      ended: this.#ran
        .filter((each) => serving.has(each.id) && hasEnded(each, all))
        .map(({ id, release }): Lives['ended'][number] => ({ instance: id, release })),
    }
    this.#ran = all.filter((each) => this.#isCounted(each, serving))
    return lives
  }

  #isCounted({ id, release, state }: Instance, serving: ReadonlySet<InstanceId>): boolean {
    const { from, to } = this.#plan
    return state.kind === 'running' && serving.has(id) && (release === to || release === from)
  }

  #countOf(release: string | undefined): number {
    return this.#ran.filter((each) => each.release === release).length
  }
}

function hasEnded({ id, generation }: Instance, all: readonly Instance[]): boolean {
  const now = all.find((each) => each.id === id)
  return now !== undefined && (now.state.kind === 'ended' || now.generation !== generation)
}
