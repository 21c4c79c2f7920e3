import type { Instance } from '../../src/core/instance.ts'
import type { Incident, Observation } from '../../src/core/incident.ts'
import type { Opinion } from '../../src/core/judge.ts'
import type { Problem } from '../../src/core/problem.ts'
import type { Records } from '../../src/core/record.ts'
import type { Route } from '../../src/core/route.ts'
import { type Compared, Judged } from '../../src/engine/judged/judged.ts'
import { judging } from '../../src/judge/judging.ts'
import { fakeClock } from './fake-clock.ts'
import { JudgedTraffic, type TrafficTerms } from './judged-traffic.ts'

const ROLLOUT = 1

/** What a controller came to, and how many of its looks were left. */
interface Came {
  readonly why: Problem | undefined
  readonly opinion: Opinion
  readonly left: number
}

/** Traffic whose proxy remembers what it saw, and controllers that judge a rollout of it one after the other. */
export class JudgedWorld {
  readonly #plan: Compared
  readonly #records: Records
  readonly #traffic: JudgedTraffic
  #terms: TrafficTerms
  #clock = fakeClock()
  #kept: { readonly cursor: number; readonly incident: Incident }[] = []
  #cursor = 1_000_000
  #last: Observation | undefined
  readonly logged: string[] = []
  /** What the runtime finds; all of them serve. */
  instances: readonly Instance[] = []
  /** What happens while a controller looks. */
  afterLooks: { readonly looks: number; readonly happens: () => void } | undefined

  constructor(set: {
    plan: Compared
    records: Records
    random: () => number
    terms: TrafficTerms
  }) {
    this.#plan = set.plan
    this.#records = set.records
    this.#terms = set.terms
    this.#traffic = new JudgedTraffic(set.random)
  }

  /** From now on the traffic is like this. */
  turns(terms: Partial<TrafficTerms>): void {
    this.#terms = { ...this.#terms, ...terms }
  }

  /** So many moments pass, and the proxy counts. */
  passes(moments: number): void {
    for (let at = 0; at < moments; at += 1) {
      this.#last = this.#traffic.next(this.#terms)
      this.#cursor += 1
      for (const incident of this.#last.incidents)
        this.#kept.push({ cursor: this.#cursor, incident })
    }
  }

  /** The proxy is another one: it forgot its incidents and its counts, and its cursors begin above those of the old one. */
  restartsProxy(): void {
    this.#traffic.forget()
    this.#kept = []
    this.#cursor += 1_000_000
  }

  /** The steady clock begins anew. */
  restartsMachine(): void {
    this.#clock = fakeClock()
  }

  /** A controller looks so often, then it dies (it does nothing more) or lets go of the rollout. */
  async judges(looks: number, ending: 'dies' | 'ends' = 'dies'): Promise<Came> {
    const over = new AbortController()
    const died = Promise.withResolvers<void>()
    let left = looks
    let why: Problem | undefined
    const observe = async (_: string, cursor: number): Promise<Observation | undefined> => {
      left -= 1
      if (looks - left === this.afterLooks?.looks) this.afterLooks.happens()
      if (left >= 0) return this.#seenSince(cursor)
      if (ending === 'ends') return over.abort() as undefined
      died.resolve()
      return new Promise(() => undefined)
    }
    const judged = new Judged(ROLLOUT, this.#plan, {
      router: { ...this.#router(), observe },
      records: this.#records,
      rollouts: { list: async () => [] } as never,
      runtime: { list: async () => this.instances, measure: async () => undefined } as never,
      clock: this.#clock,
      judge: judging,
      exclusive: () => async (work) => work(),
      log: (message) => void this.logged.push(message),
    })
    const watching = judged.watch({ condemn: (problem) => (why ??= problem) }, over.signal)
    await Promise.race([watching, died.promise])
    return { why, opinion: judged.opinion, left }
  }

  #seenSince(cursor: number): Observation {
    this.passes(1)
    const { releases = {} } = this.#last ?? {}
    const fresh = this.#kept.filter((each) => each.cursor > cursor)
    return { cursor: this.#cursor, releases, incidents: fresh.map(({ incident }) => incident) }
  }

  #router() {
    const weights = () => ({
      v1: 10_000 * (1 - this.#terms.share),
      v2: 10_000 * this.#terms.share,
    })
    const members = () => this.instances.map(({ id }) => ({ id, state: 'serving' }))
    const route = () =>
      ({ service: 'shop', weights: weights(), instances: members() }) as unknown as Route
    return {
      apply: async () => undefined,
      remove: async () => undefined,
      read: async () => ({ route: route() }) as never,
    }
  }
}
