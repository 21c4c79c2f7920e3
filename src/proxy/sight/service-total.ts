import type { Incident } from '../../core/incident.ts'
import type { InstanceId, ReleaseId } from '../../core/names.ts'
import type { FallbackSight, MirrorSight, Sight } from '../../core/sight.ts'
import { plusMirror } from './plus-mirror.ts'
import type { CellDelta, ServiceSightDelta } from './sight-delta.ts'
import { SightTotal } from './sight-total.ts'

/** What came of a service since some reading; to be asked for anew with this `cursor`. */
export interface ServiceSights {
  readonly cursor: number
  readonly releases: Readonly<Record<ReleaseId, Sight>>
  readonly instances: Readonly<Record<InstanceId, Sight>>
  readonly fallbacks?: FallbackSight
  readonly mirror?: MirrorSight
  readonly decisions?: Readonly<Record<string, number>>
  /** The last ones; what was kept on the disk is not among them. */
  readonly incidents?: readonly Incident[]
}

interface ReleaseTotal {
  readonly all: SightTotal
  readonly instances: Map<InstanceId, SightTotal>
}

/** So many releases are kept: those that answered last. */
const RELEASES = 8
/** All instances of a release that are no more; none has this id. */
const GONE: InstanceId = ''
/** So many incidents are kept: a reading that comes ten times a second misses none. */
const INCIDENTS = 5_000

/** All that was seen of a service. */
export class ServiceTotal {
  readonly #releases = new Map<ReleaseId, ReleaseTotal>()
  /** Begins above all that an earlier supervisor gave, so that its cursors mean: all. */
  #cursor = Date.now()
  #fallbacks: FallbackSight | undefined
  #mirror: MirrorSight | undefined
  #decisions: Record<string, number> | undefined
  #incidents: { readonly cursor: number; readonly incident: Incident }[] = []

  /** `whence`: what came just now counts for what comes in a second, what was kept on the disk does not. */
  add(delta: ServiceSightDelta, whence: 'now' | 'disk', nowMs: number): void {
    this.#cursor += 1
    for (const cell of delta.cells) {
      const release = this.#releaseOf(cell.release)
      for (const total of [release.all, instanceOf(release, cell.instance)]) {
        if (whence === 'now') total.add(cell, this.#cursor, nowMs)
        else total.restore(cell, this.#cursor)
      }
    }
    if (delta.fallbacks) this.#addFallbacks(delta.fallbacks)
    if (delta.mirror) this.#mirror = plusMirror(this.#mirror, delta.mirror)
    for (const [why, count] of Object.entries(delta.decisions ?? {})) {
      this.#decisions ??= {}
      this.#decisions[why] = (this.#decisions[why] ?? 0) + count
    }
    if (delta.incidents) this.#addIncidents(delta.incidents)
  }

  /** Of those that are gone only the sum is kept: they would pile up for as long as their release answers. */
  keepOnly(instances: ReadonlySet<InstanceId>): void {
    for (const release of this.#releases.values())
      for (const [id, total] of release.instances) {
        if (id === GONE || instances.has(id)) continue
        release.instances.delete(id)
        for (const cell of total.since(-1, 0).cells)
          instanceOf(release, GONE).restore(cell, this.#cursor)
      }
  }

  since(cursor: number, nowMs: number): ServiceSights {
    const releases = [...this.#releases]
    const instances = releases.flatMap(([, release]) => [...release.instances])
    const incidents = this.#incidentsSince(cursor)
    return {
      cursor: this.#cursor,
      releases: Object.fromEntries(
        releases.map(([id, release]) => [id, release.all.since(cursor, nowMs)] as const),
      ),
      instances: Object.fromEntries(
        instances
          .filter(([id]) => id !== GONE)
          .map(([id, total]) => [id, total.since(cursor, nowMs)] as const),
      ),
      ...(this.#fallbacks && { fallbacks: this.#fallbacks }),
      ...(this.#mirror && { mirror: this.#mirror }),
      ...(this.#decisions && { decisions: { ...this.#decisions } }),
      ...(incidents.length > 0 && { incidents }),
    }
  }

  /** All of it as one delta, so that it can be kept and added again. */
  whole(): ServiceSightDelta {
    const cells = [...this.#releases].flatMap(([release, { instances }]) =>
      [...instances].flatMap(([instance, total]) =>
        total.since(-1, 0).cells.map((cell): CellDelta => ({ release, instance, ...cell })),
      ),
    )
    return {
      cells,
      ...(this.#fallbacks && { fallbacks: this.#fallbacks }),
      ...(this.#mirror && { mirror: this.#mirror }),
      ...(this.#decisions && { decisions: { ...this.#decisions } }),
    }
  }

  #addIncidents(incidents: readonly Incident[]): void {
    for (const incident of incidents) this.#incidents.push({ cursor: this.#cursor, incident })
    if (this.#incidents.length > 2 * INCIDENTS) this.#incidents = this.#incidents.slice(-INCIDENTS)
  }

  #incidentsSince(cursor: number): readonly Incident[] {
    const first = this.#incidents.findLastIndex((each) => each.cursor <= cursor) + 1
    return this.#incidents.slice(first).map((each) => each.incident)
  }

  #addFallbacks({ asked, found }: FallbackSight): void {
    const before = this.#fallbacks ?? { asked: 0, found: 0 }
    this.#fallbacks = { asked: before.asked + asked, found: before.found + found }
  }

  /** The last that answered stands last; the first one goes where there are too many. */
  #releaseOf(id: ReleaseId): ReleaseTotal {
    const release = this.#releases.get(id) ?? { all: new SightTotal(), instances: new Map() }
    this.#releases.delete(id)
    this.#releases.set(id, release)
    const [oldest] = this.#releases.keys()
    if (this.#releases.size > RELEASES && oldest !== undefined) this.#releases.delete(oldest)
    return release
  }
}

function instanceOf(release: ReleaseTotal, id: InstanceId): SightTotal {
  const known = release.instances.get(id)
  if (known) return known
  const total = new SightTotal()
  release.instances.set(id, total)
  return total
}
