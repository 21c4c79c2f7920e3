import { sizeOf } from '../core/histogram.ts'
import type { Observation } from '../core/incident.ts'
import type { ReleaseId } from '../core/names.ts'
import type { SightCell } from '../core/sight.ts'

/** Answers of one release, all there were or those of a while. */
export interface Answers {
  readonly all: number
  /** 5xx and those that were owed. */
  readonly errors: number
  /** 4xx. */
  readonly refusals: number
}

export const NO_ANSWERS: Answers = { all: 0, errors: 0, refusals: 0 }

/** Adds up what observations tell: each says of what changed how often it ever happened. */
export class AnswerCounts {
  readonly #cells = new Map<ReleaseId, Map<string, SightCell>>()

  add({ releases }: Observation): void {
    for (const [release, { cells }] of Object.entries(releases)) {
      const known = this.#cells.get(release) ?? new Map<string, SightCell>()
      this.#cells.set(release, known)
      for (const cell of cells) known.set(`${cell.methods} ${cell.status}`, cell)
    }
  }

  /** All that the release ever answered. */
  of(release: ReleaseId): Answers {
    let [all, errors, refusals] = [0, 0, 0]
    for (const { status, whole } of this.#cells.get(release)?.values() ?? []) {
      const count = sizeOf(whole)
      all += count
      if (status === 5 || status === 0) errors += count
      if (status === 4) refusals += count
    }
    return { all, errors, refusals }
  }
}

/** What came after `before`; a router that was started anew has forgotten some, and nothing came then. */
export function since(before: Answers, now: Answers): Answers {
  return {
    all: Math.max(0, now.all - before.all),
    errors: Math.max(0, now.errors - before.errors),
    refusals: Math.max(0, now.refusals - before.refusals),
  }
}
