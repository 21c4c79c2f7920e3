import type { ServiceName } from '../../core/names.ts'
import type { Notifier, Posted } from '../../core/notifier.ts'
import type { NotifySpec } from '../../core/notify-spec.ts'
import { Problem } from '../../core/problem.ts'
import type { Rollout, RolloutId } from '../../core/rollout.ts'
import { lettersOf } from './notify-letters.ts'
import type { Tools } from '../tools.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND

const TIMEOUT_MS = 15 * SECOND
/** The first pause after a failure; each further one is twice as long. */
const FIRST_PAUSE_MS = SECOND
const LONGEST_PAUSE_MS = HOUR
const GIVEN_UP_AFTER_MS = 24 * HOUR
/** Longer than anything is asked for again, so that nothing is sent anew because it was forgotten. */
const KEPT_MS = 7 * 24 * HOUR
const AT_ONCE = 50
/** The clock may be set meanwhile: what is due is looked at anew. */
const REST_MS = 600 * SECOND
const AFTER_FAILURE_MS = 5 * SECOND
const RECENT_ROLLOUTS = 5

type Needed = Pick<
  Tools,
  'services' | 'releases' | 'rollouts' | 'journal' | 'outbox' | 'notifiers' | 'clock' | 'log'
>

interface Failure {
  readonly why: string
  /** It would fail again in the same way. */
  readonly isForGood: boolean
}

/**
 * Tells people of rollouts, beside them: no rollout waits for it or fails with it. What is to be told follows from the journal
 * and is written to the outbox before it is sent, so that a controller that dies in between owes it to nobody: the next one
 * looks again. Somebody may be told twice, and can tell by the notice's id.
 */
export class Notifying {
  readonly #tools: Needed
  #wake = new AbortController()
  readonly #sending = new Map<Posted['id'], Promise<void>>()
  /** One after the other, so that a later look never overtakes an earlier one. */
  #looking: Promise<void> = Promise.resolve()

  constructor(tools: Needed) {
    this.#tools = tools
  }

  /** There may be something to tell of this rollout. */
  hear(id: RolloutId): void {
    this.#looking = this.#looking.then(async () => this.#look(id))
  }

  /** Delivers until the signal fires, or a newer controller does it; begins with what an earlier one left. */
  async keep(signal: AbortSignal): Promise<void> {
    await this.#recall()
    while (!signal.aborted) {
      try {
        await this.#rest(await this.#begin(signal), signal)
      } catch (error) {
        if (signal.aborted) break
        this.#tools.log('notices wait', { error: String(error) })
        if (isOvertaken(error)) break
        await this.#tools.clock.sleep(AFTER_FAILURE_MS, { signal }).catch(() => undefined)
      }
    }
    await Promise.all([this.#looking, ...this.#sending.values()])
  }

  /** Begins to send what is due, and resolves with the time when the next one is. A recipient that is slow delays no other. */
  async #begin(signal: AbortSignal): Promise<number> {
    const { outbox, clock } = this.#tools
    const waiting = await outbox.waiting(AT_ONCE)
    const now = clock.now()
    const idle = waiting.filter(({ id }) => !this.#sending.has(id))
    for (const posted of idle.filter(({ dueAtMs }) => dueAtMs <= now)) {
      const sent = this.#deliver(posted, signal).finally(() => {
        this.#sending.delete(posted.id)
        this.#wake.abort()
      })
      this.#sending.set(posted.id, sent)
    }
    return idle.find(({ dueAtMs }) => dueAtMs > now)?.dueAtMs ?? Infinity
  }

  async #recall(): Promise<void> {
    const { outbox, clock, log } = this.#tools
    try {
      await outbox.prune(clock.now() - KEPT_MS)
      for (const { id } of await this.#recent()) this.hear(id)
    } catch (error) {
      log('what an earlier controller left to tell is not known', { error: String(error) })
    }
  }

  /** The rollouts of which somebody may not have been told everything. */
  async #recent(): Promise<readonly Rollout[]> {
    const { services, rollouts, clock } = this.#tools
    const known = (await services.list()).map(({ spec }) => spec.name)
    // A service in its first rollout is not written yet.
    const names = new Set<ServiceName>([...known, ...(await rollouts.unfinished())])
    const limit = RECENT_ROLLOUTS
    const all = await Promise.all(
      [...names].map(async (service) => rollouts.list(service, { limit })),
    )
    const since = clock.now() - GIVEN_UP_AFTER_MS
    return all.flat().filter(({ endedAtMs }) => endedAtMs === undefined || endedAtMs > since)
  }

  async #look(id: RolloutId): Promise<void> {
    const { rollouts, journal, outbox, log } = this.#tools
    try {
      const rollout = await rollouts.read(id)
      const specs = rollout ? await this.#specsFor(rollout) : []
      if (!rollout || specs.length === 0) return
      await outbox.add(lettersOf(rollout, await journal.read(id), specs))
      this.#wake.abort()
    } catch (error) {
      log('a notice could not be written; it is tried at the next start', {
        rollout: id,
        error: String(error),
      })
    }
  }

  /** The newer one of the two releases says who wants to know, also on the way back. */
  async #specsFor({ service, plan }: Rollout): Promise<readonly NotifySpec[]> {
    const ids = plan.from === undefined ? [plan.to] : [plan.to, plan.from]
    const both = await Promise.all(ids.map(async (id) => this.#tools.releases.read(service, id)))
    const [newest] = both
      .filter((each) => each !== undefined)
      .toSorted((a, b) => b.madeAtMs - a.madeAtMs)
    return newest?.spec.notify ?? []
  }

  async #deliver(posted: Posted, signal: AbortSignal): Promise<void> {
    const { outbox, log } = this.#tools
    const { by } = posted.spec
    try {
      const failure = await this.#send(posted, signal)
      if (signal.aborted) return
      if (failure === undefined) return await outbox.settle(posted.id, { kind: 'sent' })
      const dueAtMs = failure.isForGood ? undefined : this.#nextTry(posted)
      const again = dueAtMs === undefined ? {} : { dueAtMs }
      await outbox.settle(posted.id, { kind: 'failed', failure: failure.why, ...again })
      const what = dueAtMs === undefined ? 'a notice is given up' : 'a notice is sent again'
      log(what, { notice: posted.notice.id, by, failure: failure.why, tries: posted.tries + 1 })
    } catch (error) {
      // It stays in the outbox; not at once again, as there may be no room to write.
      log('what became of a notice is not written', { by, error: String(error) })
      await this.#tools.clock.sleep(AFTER_FAILURE_MS, { signal }).catch(() => undefined)
    }
  }

  /** Why it was not taken; `undefined` when it was. */
  async #send({ spec, notice }: Posted, signal: AbortSignal): Promise<Failure | undefined> {
    const notifier: Notifier = this.#tools.notifiers[spec.by]
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    try {
      await notifier.send(spec, notice, { signal: AbortSignal.any([signal, timeout]) })
      return undefined
    } catch (error) {
      return failureIn(error)
    }
  }

  #nextTry({ tries, madeAtMs }: Posted): number | undefined {
    const now = this.#tools.clock.now()
    if (now - madeAtMs > GIVEN_UP_AFTER_MS) return undefined
    return now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries)
  }

  /** Until then, or until something new is there. */
  async #rest(untilMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#tools
    const woken = this.#wake.signal
    const ms = Math.max(0, Math.min(REST_MS, untilMs - clock.now()))
    if (!woken.aborted)
      await clock.sleep(ms, { signal: AbortSignal.any([signal, woken]) }).catch(() => undefined)
    if (woken.aborted) this.#wake = new AbortController()
  }
}

/** All that is to be told is told by the next controller. */
function isOvertaken(error: unknown): boolean {
  return error instanceof Problem && error.code === 'lease-lost'
}

/** Only what is meant to be told: another error may hold a URL, and a URL may hold a secret. */
function failureIn(error: unknown): Failure {
  if (error instanceof Problem)
    return { why: error.message, isForGood: error.code === 'notice-refused' }
  return { why: error instanceof Error ? error.name : 'it failed', isForGood: false }
}
