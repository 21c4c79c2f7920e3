import type { Lives } from '../core/judge.ts'
import type { ReleaseId } from '../core/names.ts'
import { MetricJudge } from './metric-judge.ts'

/** What of the traffic the route gives the candidate, and when. */
interface Moment {
  readonly share: number
  readonly nowMs: number
}

/**
 * Whether the new release's instances end by themselves more often than the old one's. While both do equally well, the next
 * one to end is the candidate's with the share of the running instances that are its own; or with its share of the traffic
 * where that is larger, because instances may end of what they have to do. An instance that ends again and again is one user.
 */
export class CrashJudge {
  readonly metric: MetricJudge
  readonly #candidate: ReleaseId
  #running: Lives['running'] = { candidate: 0, stable: 0 }
  /** Of the old release, how many lives there were to end, look by look. */
  #lived = 0

  constructor(candidate: ReleaseId, alpha: number) {
    this.#candidate = candidate
    this.metric = new MetricJudge({ metric: 'crashes', alpha, before: () => this.#before() })
  }

  see({ running, ended }: Lives, { share, nowMs }: Moment): void {
    this.#running = running
    this.#lived += running.stable
    const own = Math.max(share, shareOf(running))
    const mine = ended.filter(({ release }) => release === this.#candidate).length
    if (own >= 1) this.metric.passed(Math.max(0, running.candidate - mine), nowMs)
    for (const { instance, release } of ended) {
      const of = release === this.#candidate ? 'candidate' : 'stable'
      this.metric.count({ user: instance, atMs: nowMs }, of, own)
    }
  }

  /** Instances of each release at the last look. */
  get running(): Lives['running'] {
    return this.#running
  }

  /** At most so many of so few: the rule of three. */
  #before(): number {
    return Math.min(1, (this.metric.incidents.stable + 3) / (this.#lived + 3))
  }
}

function shareOf({ candidate, stable }: Lives['running']): number {
  return candidate === 0 ? 0 : candidate / (candidate + stable)
}
