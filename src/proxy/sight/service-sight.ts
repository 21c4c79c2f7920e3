import type { InstanceId, ReleaseId } from '../../core/names.ts'
import type { Incidents } from './incidents.ts'
import { MirrorTally } from './mirror-tally.ts'
import { InstanceSight } from './instance-sight.ts'
import type { ServiceSightDelta } from './sight-delta.ts'

/** What one worker sees of a service, until it tells the supervisor. */
export class ServiceSight {
  fallbacksAsked = 0
  fallbacksFound = 0
  readonly mirror: MirrorTally = new MirrorTally()
  readonly incidents: Incidents
  #decisions: Record<string, number> | undefined
  #changed: InstanceSight[] = []

  constructor(incidents: Incidents) {
    this.incidents = incidents
  }

  of(release: ReleaseId, instance: InstanceId): InstanceSight {
    return new InstanceSight(release, instance, (sight) => this.#changed.push(sight))
  }

  /** What decided on the release of a try: one of as many as there are rules, and two more. */
  decided(why: string): void {
    this.#decisions ??= {}
    this.#decisions[why] = (this.#decisions[why] ?? 0) + 1
  }

  /** What came since it was last taken; `undefined` when nothing did. */
  take(): ServiceSightDelta | undefined {
    const mirror = this.mirror.take()
    const incidents = this.incidents.take()
    const [decisions, asked] = [this.#decisions, this.fallbacksAsked]
    const idle = this.#changed.length === 0 && asked === 0 && incidents.length === 0
    if (idle && !mirror && !decisions) return undefined
    const cells = this.#changed.flatMap((sight) => sight.take())
    const fallbacks = { asked, found: this.fallbacksFound }
    this.#changed = []
    this.#decisions = undefined
    this.fallbacksAsked = 0
    this.fallbacksFound = 0
    return {
      cells,
      ...(asked > 0 && { fallbacks }),
      ...(mirror && { mirror }),
      ...(decisions && { decisions }),
      ...(incidents.length > 0 && { incidents }),
    }
  }
}
