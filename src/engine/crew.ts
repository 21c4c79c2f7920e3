import type { RolloutEvent } from '../core/event.ts'
import type { Opinion } from '../core/judge.ts'
import type { ServiceName } from '../core/names.ts'
import type { Plan } from '../core/plan.ts'
import { Problem } from '../core/problem.ts'
import type { RecordEntry } from '../core/record.ts'
import type { Rollout, RolloutId } from '../core/rollout.ts'
import type { ServiceRecord } from '../core/store.ts'
import { turns } from '../lib/turns.ts'
import { Controls } from './controls.ts'
import { isCompared, Judged } from './judged/judged.ts'
import { run } from './run.ts'
import type { Tools } from './tools.ts'
import { worldOf } from './world.ts'

interface Running {
  readonly rollout: Rollout
  readonly controls: Controls
  readonly judged: Judged | undefined
  readonly ended: Promise<void>
}

interface Asked {
  readonly verb: Extract<RecordEntry, { kind: 'asked' }>['verb']
  readonly reason?: string
  readonly by: string | undefined
}

type Listener = (event: RolloutEvent) => void

/** The rollouts that this controller executes, one per service at the most. */
export class Crew {
  readonly #tools: Tools
  readonly #running = new Map<ServiceName, Running>()
  readonly #inTurn = turns()
  /** What ended last, to tell whoever comes too late. */
  readonly #ended = new Map<ServiceName, Rollout>()
  readonly #listeners = new Map<RolloutId, Set<Listener>>()

  readonly #news: (rollout: RolloutId) => void

  /** `news` is called whenever something happened that people may want to be told. */
  constructor(tools: Tools, news: (rollout: RolloutId) => void = () => undefined) {
    this.#tools = tools
    this.#news = news
  }

  /** Executes a rollout from wherever its journal stands, in the background. */
  begin(rollout: Rollout, records: { promoted: ServiceRecord; undone: ServiceRecord }): void {
    const { journal, rollouts, steps } = this.#tools
    const controls = new Controls()
    const judged = isCompared(rollout.plan)
      ? new Judged(rollout.id, rollout.plan, this.#tools)
      : undefined
    const world = worldOf(this.#tools, rollout.service, {
      rollout: rollout.id,
      baseline: rollout.baseline,
      ...(judged && { judged }),
    })
    const emit = (event: RolloutEvent) => {
      this.#tell(rollout, event)
    }
    const over = new AbortController()
    void judged?.watch(controls, AbortSignal.any([over.signal, controls.halted]))
    const ended = run({ rollout, world, steps, journal, rollouts, controls, records, emit })
      .catch((error: unknown) => {
        this.#tools.log('rollout let go', { rollout: rollout.id, error: String(error) })
      })
      .finally(() => {
        over.abort()
        this.#running.delete(rollout.service)
      })
    this.#running.set(rollout.service, { rollout, controls, judged, ended })
    this.#news(rollout.id)
  }

  /** Decides one thing about a service at a time: whether to begin a rollout, or to end what is warm. */
  async alone<T>(service: ServiceName, decide: () => Promise<T>): Promise<T> {
    return this.#inTurn(service, decide)
  }

  isRunning(service: ServiceName): boolean {
    return this.#running.has(service)
  }

  /** Of the running rollout; `undefined` when there is none. */
  planOf(service: ServiceName): Plan | undefined {
    return this.#running.get(service)?.rollout.plan
  }

  /** What the judge of the running rollout thinks now; `undefined` where there is none. */
  opinionOf(service: ServiceName): Opinion | undefined {
    return this.#running.get(service)?.judged?.opinion
  }

  /** The controls of the running rollout. Throws `no-rollout` when there is none. */
  controlsOf(service: ServiceName): Controls {
    const running = this.#running.get(service)
    if (running) return running.controls
    throw noRollout(service, this.#ended.get(service))
  }

  /** Writes to the record what a person asked of the running rollout. Nothing waits for it. */
  note(service: ServiceName, asked: Asked): void {
    const { records, log } = this.#tools
    const id = this.#running.get(service)?.rollout.id
    if (id === undefined) return
    const { verb, by, reason } = asked
    const told = { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) }
    records.add(id, { kind: 'asked', verb, ...told }).catch((error: unknown) => {
      log('the record lacks what a person asked', { rollout: id, error: String(error) })
    })
  }

  /** Resolves when no rollout of the service runs any more. */
  async ended(service: ServiceName): Promise<void> {
    await this.#running.get(service)?.ended
  }

  /** Lets go of every rollout where it stands; each goes on at the next start. */
  async halt(): Promise<void> {
    const all = [...this.#running.values()]
    for (const running of all) running.controls.halt()
    await Promise.all(all.map(async (running) => running.ended))
  }

  /** Calls `listener` with each event of the rollout from now on, until the returned function is called. */
  listen(rollout: RolloutId, listener: Listener): () => void {
    const listeners = this.#listeners.get(rollout) ?? new Set()
    this.#listeners.set(rollout, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(rollout)
    }
  }

  #tell(rollout: Rollout, event: RolloutEvent): void {
    if (event.event === 'finished') this.#ended.set(rollout.service, event.rollout)
    if (event.event !== 'progress')
      this.#tools.log(`rollout ${event.event}`, { rollout: rollout.id, ...summary(event) })
    for (const listener of this.#listeners.get(rollout.id) ?? []) listener(event)
    if (event.event === 'paused' || event.event === 'finished') this.#news(rollout.id)
  }
}

function noRollout(service: ServiceName, ended?: Rollout): Problem {
  const how = ended?.state.phase === 'finished' ? ended.state.outcome : undefined
  const last = ended && how ? `; rollout ${ended.id} (${ended.plan.to}) ended ${how}` : ''
  return new Problem('no-rollout', {
    message: `no rollout of ${service} is running${last}`,
    hint: 'See what was: midflight history. Start one: midflight deploy.',
    data: { service, ...(ended && { ended: ended.id, outcome: how }) },
  })
}

function summary(event: RolloutEvent): Readonly<Record<string, unknown>> {
  if (event.event === 'step')
    return { step: event.step, state: event.state, what: event.what, note: event.note }
  if (event.event === 'finished')
    return { state: event.rollout.state, ledger: event.rollout.ledger }
  if (event.event === 'turned') return { because: event.because }
  return {}
}
