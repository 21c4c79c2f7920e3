import type { InstanceId, ReleaseId } from '../../core/names.ts'
import { MirrorTally } from './mirror-tally.ts'
import { InstanceSight } from './instance-sight.ts'
import type { ServiceSightDelta } from './sight-delta.ts'

/** What one worker sees of a service, until it tells the supervisor. */
export class ServiceSight {
  fallbacksAsked = 0
  fallbacksFound = 0
  readonly mirror: MirrorTally = new MirrorTally()
  #changed: InstanceSight[] = []

  of(release: ReleaseId, instance: InstanceId): InstanceSight {
    return new InstanceSight(release, instance, (sight) => this.#changed.push(sight))
  }

  /** What came since it was last taken; `undefined` when nothing did. */
  take(): ServiceSightDelta | undefined {
    const mirror = this.mirror.take()
    if (this.#changed.length === 0 && this.fallbacksAsked === 0 && !mirror) return undefined
    const cells = this.#changed.flatMap((sight) => sight.take())
    const fallbacks = { asked: this.fallbacksAsked, found: this.fallbacksFound }
    this.#changed = []
    this.fallbacksAsked = 0
    this.fallbacksFound = 0
    return { cells, ...(fallbacks.asked > 0 && { fallbacks }), ...(mirror && { mirror }) }
  }
}
