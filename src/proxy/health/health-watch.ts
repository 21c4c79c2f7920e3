import { isDeepStrictEqual } from 'node:util'
import type { ServiceName } from '../../core/names.ts'
import type { RouteInstance } from '../../core/route.ts'
import type { ReadySpec } from '../../core/service.ts'
import type { HealthMark } from '../plane/data-plane-port.ts'
import type { CheckPace, Urgency } from './check-pace.ts'
import { Exclusion } from './exclusion.ts'
import { bad, type Finding } from './finding.ts'
import { checkHealth } from './health-check.ts'
import { afterCheck, afterRefusal, UNPROVEN, type Health } from './health.ts'

/** An instance that never was up is checked at least this often, so that nobody waits long for a fast start. */
const UNPROVEN_EVERY_MS = 200

export interface WatchOptions {
  readonly service: ServiceName
  readonly pace: CheckPace
  /** What an earlier supervisor knew of this very process. */
  readonly past: HealthMark | undefined
  readonly listener: WatchListener
}

/** One for all watches: there may be ten thousand of them. */
export interface WatchListener {
  /** Its mark is another one now. */
  changed(watch: HealthWatch): void
  /** It was up and is not any more. */
  wentDown(watch: HealthWatch): void
}

/** Checks one instance again and again, from the moment it begins until it is ended. */
export class HealthWatch {
  readonly instance: RouteInstance
  readonly service: ServiceName
  readonly #pace: CheckPace
  readonly #listener: WatchListener
  /** Only where outliers are looked for. */
  #exclusion: Exclusion | undefined
  #ready: ReadySpec
  #health: Health
  #refusals = 0
  #lagMs: number | undefined
  #timer: NodeJS.Timeout | undefined
  #begun = false
  #ended = false

  constructor(instance: RouteInstance, ready: ReadySpec, options: WatchOptions) {
    const { service, pace, past, listener } = options
    this.instance = instance
    this.service = service
    this.#ready = ready
    this.#pace = pace
    this.#listener = listener
    this.#health = healthOf(past)
    if (past?.ejected) this.exclusion.resume(past.ejected)
  }

  /** Whether it is out because of how it did. */
  get exclusion(): Exclusion {
    return (this.#exclusion ??= new Exclusion(() => this.#listener.changed(this)))
  }

  get mark(): HealthMark {
    const { state, reason, unreachable } = this.#health
    const { id, generation } = this.instance
    const ejected = this.#exclusion?.ejected
    return {
      id,
      generation,
      health: state,
      ...(reason !== undefined && { reason }),
      ...(unreachable && { unreachable }),
      ...(ejected && { ejected }),
      ...(this.#lagMs !== undefined && { lagMs: this.#lagMs }),
    }
  }

  /** Whether this is the same process at the same place, so that what is known of it still holds. */
  isOf(instance: RouteInstance): boolean {
    const { generation, address } = this.instance
    return generation === instance.generation && isDeepStrictEqual(address, instance.address)
  }

  /** It never was up and does not look as if it soon would be. */
  get isFailing(): boolean {
    return this.#health.state === 'unproven' && this.#health.bad > 0
  }

  /** Once for all. */
  begin(urgency: Urgency): void {
    if (this.#begun) return
    this.#begun = true
    void this.#check(urgency, Math.random())
  }

  /** From the next check on. */
  obey(ready: ReadySpec): void {
    this.#ready = ready
  }

  /** Outliers are not looked for any more. */
  readmit(): void {
    this.#exclusion?.end()
  }

  refuse(reason: string): void {
    this.#refusals += 1
    this.#become(afterRefusal(this.#health, reason))
  }

  end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
    this.#exclusion?.close()
  }

  /** `share` of the usual time follows: the first time less, so that those that begin together do not stay so. */
  async #check(urgency: Urgency, share: number): Promise<void> {
    let begun = 0
    let refusals = 0
    const finding = await this.#pace.run(() => {
      begun = performance.now()
      refusals = this.#refusals
      return this.#finding()
    }, urgency)
    if (this.#ended) return
    // A check that began before a refusal says nothing of the time after it.
    if (refusals === this.#refusals) this.#become(afterCheck(this.#health, finding, this.#ready))
    const wait = Math.max(0, share * this.#everyMs() - (performance.now() - begun))
    const next = this.#health.state === 'unproven' && !this.isFailing ? 'soon' : 'in turn'
    this.#timer = setTimeout(() => void this.#check(next, 1), wait)
  }

  async #finding(): Promise<Finding> {
    if (this.#ended) return bad('not checked any more')
    const begun = performance.now()
    const ready = this.#ready
    const finding = await checkHealth({ ...this.instance, service: this.service }, ready)
    this.#lagMs = lagIn(finding, performance.now() - begun, ready)
    return finding
  }

  #everyMs(): number {
    const { intervalMs } = this.#ready
    if (this.#health.state !== 'unproven') return this.#pace.everyMs(intervalMs, 'all')
    const askedMs = Math.min(intervalMs, UNPROVEN_EVERY_MS)
    return this.isFailing ? this.#pace.everyMs(askedMs, 'failing') : askedMs
  }

  #become(health: Health): void {
    const before = this.#health
    this.#health = health
    if (before.state === 'up' && health.state === 'down') this.#listener.wentDown(this)
    if (
      before.state !== health.state ||
      before.reason !== health.reason ||
      before.unreachable !== health.unreachable
    )
      this.#listener.changed(this)
  }
}

/** In milliseconds, to the microsecond. A connection says nothing: the system takes it, however busy the instance is. */
function lagIn(finding: Finding, tookMs: number, ready: ReadySpec): number | undefined {
  if (ready.check === 'tcp' || (!finding.good && finding.unreachable)) return undefined
  return Math.min(Math.round(tookMs * 1000) / 1000, ready.timeoutMs)
}

function healthOf(past: HealthMark | undefined): Health {
  if (!past) return UNPROVEN
  const { health: state, reason, unreachable } = past
  return {
    ...UNPROVEN,
    state,
    ...(reason !== undefined && { reason }),
    ...(unreachable && { unreachable }),
  }
}
