import type { AtAge, Resource, Weighing, Youth } from '../../core/judge.ts'
import type { InstanceId, ReleaseId } from '../../core/names.ts'

/** So long an instance is young, in milliseconds. */
export const YOUNG_MS = 600_000
/** Whoever is first seen later than this was not seen young. */
const FIRST_SEEN_MS = 30_000
const MOST = 120

type Life = Map<Resource, AtAge[]>

/** How the instances of one release lived while they were young. */
export class YoungLives {
  readonly #release: ReleaseId
  readonly #lives = new Map<InstanceId, { ageMs: number; readonly life: Life }>()

  constructor(release: ReleaseId) {
    this.#release = release
  }

  add(weighings: readonly Weighing[]): void {
    for (const weighing of weighings) if (weighing.release === this.#release) this.#addOne(weighing)
  }

  /** Of the instance that was seen for longest; undefined where none was seen. */
  get youth(): Youth | undefined {
    const [longest] = [...this.#lives.values()].toSorted((a, b) => b.ageMs - a.ageMs)
    if (!longest || longest.life.size === 0) return undefined
    return Object.fromEntries([...longest.life].map(([resource, all]) => [resource, thinned(all)]))
  }

  #addOne({ instance, ageMs = Infinity, used }: Weighing): void {
    const lived = this.#lives.get(instance)
    // A younger one is another process in the place of the first.
    if (ageMs > YOUNG_MS || ageMs <= (lived?.ageMs ?? -1)) return
    if (!lived && ageMs > FIRST_SEEN_MS) return
    const { life } = lived ?? { life: new Map() }
    this.#lives.set(instance, { ageMs, life })
    for (const [resource, value] of Object.entries(used) as [Resource, number][]) {
      const samples = life.get(resource) ?? []
      life.set(resource, samples)
      samples.push({ ageMs, value })
    }
  }
}

/** Evenly. */
function thinned(samples: readonly AtAge[]): readonly AtAge[] {
  const each = Math.ceil(samples.length / MOST)
  return samples.filter((_, at) => at % each === 0)
}
