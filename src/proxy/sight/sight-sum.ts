import type { InstanceId, ServiceName } from '../../core/names.ts'
import { type ServiceSights, ServiceTotal } from './service-total.ts'
import type { SightDelta } from './sight-delta.ts'

/** What all workers saw, the dead ones among them: they tell only what is new, so nothing ends with them. */
export class SightSum {
  readonly #services = new Map<ServiceName, ServiceTotal>()
  /** Grows with each change. */
  #version = 0

  constructor(past: SightDelta) {
    this.restore(past)
  }

  /** What was seen before; it counts for nothing that comes in a second. */
  restore(past: SightDelta): void {
    this.#version += 1
    for (const [service, delta] of Object.entries(past)) {
      this.#totalOf(service).add(delta, 'disk', 0)
    }
  }

  get version(): number {
    return this.#version
  }

  add(delta: SightDelta, nowMs: number): void {
    this.#version += 1
    for (const [service, each] of Object.entries(delta)) {
      this.#totalOf(service).add(each, 'now', nowMs)
    }
  }

  /**
   * What changed after the reading that gave `cursor`; 0 for all. Each cell that changed comes with all that was ever
   * in it, so a reading that was missed loses nothing, and a cursor of an earlier supervisor is as good as 0.
   */
  since(service: ServiceName, cursor: number, nowMs: number): ServiceSights | undefined {
    return this.#services.get(service)?.since(cursor, nowMs)
  }

  /** The instances of the service are these now: what was seen of others counts for their releases only. */
  keepOnly(service: ServiceName, instances: readonly { readonly id: InstanceId }[]): void {
    this.#services.get(service)?.keepOnly(new Set(instances.map(({ id }) => id)))
  }

  /** A service that is removed and comes back later begins anew. */
  forget(service: ServiceName): void {
    this.#version += 1
    this.#services.delete(service)
  }

  whole(): SightDelta {
    return Object.fromEntries(
      [...this.#services].map(([service, total]) => [service, total.whole()] as const),
    )
  }

  #totalOf(service: ServiceName): ServiceTotal {
    const known = this.#services.get(service)
    if (known) return known
    const total = new ServiceTotal()
    this.#services.set(service, total)
    return total
  }
}
