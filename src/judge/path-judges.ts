import type { JudgeSpec } from '../core/judge.ts'
import { MetricJudge } from './metric-judge.ts'
import { partOf } from './part-of.ts'

const MOST_PATHS = 100

interface PathTerms {
  readonly spec: JudgeSpec
  /** Of alpha, what all paths have together. */
  readonly part: number
  /** Of the old release's answers, the share with an error at most. */
  readonly before: () => number
}

/** Each path that fails is compared by itself: among all answers its errors may be too few to be seen. */
export class PathJudges {
  readonly #terms: PathTerms
  readonly #byPath = new Map<string, MetricJudge>()

  constructor(terms: PathTerms) {
    this.#terms = terms
  }

  get all(): readonly MetricJudge[] {
    return [...this.#byPath.values()]
  }

  /** `undefined` where errors do not count, or too many paths failed before this one. */
  of(path: string): MetricJudge | undefined {
    const { spec, part, before } = this.#terms
    const known = this.#byPath.get(path)
    if (known || !spec.errors || this.#byPath.size >= MOST_PATHS) return known
    const alpha = spec.alpha * part * partOf(this.#byPath.size + 1)
    const judge = new MetricJudge({ metric: 'errors', path, alpha, before })
    this.#byPath.set(path, judge)
    return judge
  }
}
