import { isDeepStrictEqual } from 'node:util'
import type { ServiceName } from '../../core/names.ts'
import type { RouteInstance } from '../../core/route.ts'
import type { ReadySpec } from '../../core/service.ts'
import type { HealthMark } from '../plane/data-plane-port.ts'
import { checkHealth } from './health-check.ts'
import { afterCheck, afterRefusal, UNPROVEN, type Health } from './health.ts'

/** An instance that never was up is checked at least this often, so that nobody waits long for a fast start. */
const UNPROVEN_EVERY_MS = 200

/** Checks one instance again and again, from the moment it is made until it is ended. */
export class HealthWatch {
  readonly instance: RouteInstance
  readonly #service: ServiceName
  readonly #onChange: (mark: HealthMark) => void
  #ready: ReadySpec
  #health: Health = UNPROVEN
  #refusals = 0
  #timer: NodeJS.Timeout | undefined
  #ended = false

  constructor(
    service: ServiceName,
    instance: RouteInstance,
    ready: ReadySpec,
    onChange: (mark: HealthMark) => void,
  ) {
    this.instance = instance
    this.#service = service
    this.#ready = ready
    this.#onChange = onChange
    void this.#check()
  }

  get mark(): HealthMark {
    const { state, reason } = this.#health
    const { id, generation } = this.instance
    return { id, generation, health: state, ...(reason === undefined ? {} : { reason }) }
  }

  /** Whether this is the same process at the same place, so that what is known of it still holds. */
  isOf(instance: RouteInstance): boolean {
    const { generation, address } = this.instance
    return generation === instance.generation && isDeepStrictEqual(address, instance.address)
  }

  /** From the next check on. */
  obey(ready: ReadySpec): void {
    this.#ready = ready
  }

  refuse(reason: string): void {
    this.#refusals += 1
    this.#become(afterRefusal(this.#health, reason))
  }

  end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
  }

  async #check(): Promise<void> {
    const begun = performance.now()
    const refusals = this.#refusals
    const finding = await checkHealth(this.#service, this.instance.address, this.#ready)
    if (this.#ended) return
    // A check that began before a refusal says nothing of the time after it.
    if (refusals === this.#refusals) this.#become(afterCheck(this.#health, finding, this.#ready))
    const wait = Math.max(0, this.#everyMs() - (performance.now() - begun))
    this.#timer = setTimeout(() => void this.#check(), wait)
  }

  #everyMs(): number {
    const { intervalMs } = this.#ready
    return this.#health.state === 'unproven' ? Math.min(intervalMs, UNPROVEN_EVERY_MS) : intervalMs
  }

  #become(health: Health): void {
    const before = this.#health
    this.#health = health
    if (before.state !== health.state || before.reason !== health.reason) this.#onChange(this.mark)
  }
}
