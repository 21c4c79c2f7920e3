import type { Incident } from '../core/incident.ts'
import type {
  Grounds,
  JudgeTerms,
  Judging,
  Look,
  Metric,
  Opinion,
  Resource,
} from '../core/judge.ts'
import type { Sight } from '../core/sight.ts'
import { AnswerCounts, type Answers, NO_ANSWERS, since } from './answer-counts.ts'
import { CrashJudge } from './crash-judge.ts'
import { Flow } from './flow.ts'
import { GrowthJudge } from './growth-judge.ts'
import { MetricJudge } from './metric-judge.ts'
import { PathJudges } from './path-judges.ts'
import { SharedFailure } from './shared-failure.ts'

type OfAnswers = Exclude<Metric, 'crashes'>

const METRICS: Readonly<Record<Incident['what'], OfAnswers>> = {
  error: 'errors',
  refusal: 'refusals',
  slow: 'latency',
}
/** How what may be wrong is shared: errors matter most. The single paths have the rest, so that all are 1. */
const PARTS: Readonly<Record<Metric, number>> = {
  errors: 0.6,
  refusals: 0.1,
  latency: 0.1,
  crashes: 0.05,
}
const RESOURCES: readonly Resource[] = ['memory', 'descriptors', 'lag']
const PATHS_PART = 0.15

/** Who answers, seen from the rollout. */
type Side = 'candidate' | 'stable'

/** Judges one rollout, look after look, in bounded memory. */
export function judging(terms: JudgeTerms): Judging {
  return new RolloutJudging(terms)
}

class RolloutJudging implements Judging {
  readonly #terms: JudgeTerms
  readonly #counts = new AnswerCounts()
  readonly #flow = new Flow()
  readonly #metrics: ReadonlyMap<Metric, MetricJudge>
  readonly #crashes: CrashJudge | undefined
  readonly #growths: readonly GrowthJudge[]
  readonly #paths: PathJudges
  /** Nothing before the first look, which only says where things stand. */
  #first: Readonly<Record<Side, Answers>> | undefined
  #last: Readonly<Record<Side, Answers>> = { candidate: NO_ANSWERS, stable: NO_ANSWERS }
  #failure: SharedFailure | undefined
  #routed = 0
  /** The candidate's when its share changed last. */
  #atShift: Answers = NO_ANSWERS

  constructor(terms: JudgeTerms) {
    this.#terms = terms
    this.#growths = growthsIn(terms)
    this.#paths = new PathJudges({
      spec: terms.spec,
      part: PATHS_PART,
      before: () => this.#before('errors'),
    })
    if (terms.spec.crashes) this.#crashes = crashJudge(terms)
    this.#metrics = new Map(
      enabledIn(terms).map((metric) => [
        metric,
        new MetricJudge({
          metric,
          alpha: terms.spec.alpha * PARTS[metric],
          before: () => this.#before(metric),
        }),
      ]),
    )
  }

  see({ observation, share, nowMs, weighings, lives }: Look): void {
    const carried = { share, ...rateOf(observation?.releases[this.#terms.candidate]) }
    if (weighings) for (const growth of this.#growths) growth.weigh(weighings, nowMs, carried)
    if (!observation) return
    this.#counts.add(observation)
    const now = this.#answers()
    const fresh = { candidate: this.#fresh('candidate', now), stable: this.#fresh('stable', now) }
    this.#last = now
    if (!this.#first) {
      this.#first = now
      this.#failure = new SharedFailure(now.stable.errors / Math.max(1, now.stable.all))
      return
    }
    this.#flow.add(fresh.candidate.all, fresh.stable.all, nowMs)
    this.#failure?.add(fresh.candidate, fresh.stable, nowMs)
    if (this.#failure?.isThere) return
    if (share !== this.#routed) this.#shift(share, now.candidate)
    const seenShare = this.#flow.share(share)
    if (seenShare >= 1) this.#pass(observation.incidents, fresh.candidate, nowMs)
    this.#count(observation.incidents, seenShare)
    if (lives) this.#crashes?.see(lives, { share, nowMs })
  }

  get opinion(): Opinion {
    if (this.#failure?.isThere) {
      const { all, errors } = this.#failure.stable
      return { verdict: 'frozen', stable: seen(all, errors) }
    }
    const growing = this.#growths.find(({ grounds }) => grounds)?.grounds
    if (growing) return { verdict: 'bad', grounds: growing }
    const bad = this.#all().find((metric) => metric.isBad)
    if (bad) return { verdict: 'bad', grounds: this.#grounds(bad) }
    const { candidate } = this.#sinceFirst()
    const inStep = since(this.#atShift, this.#last.candidate).all
    const whole = this.#whole()
    // Where no answers are compared, nothing says that it is fine.
    const isFine = whole.length > 0 && whole.every((metric) => metric.isFine(inStep))
    const errors = this.#metrics.get('errors')
    const all = seen(candidate.all, errors?.incidents.candidate ?? candidate.errors)
    if (isFine) return { verdict: 'fine', candidate: all }
    const few = errors?.few
    return { verdict: 'undecided', candidate: all, ...(few && { few }) }
  }

  #shift(share: number, candidate: Answers): void {
    for (const metric of this.#all()) metric.shifted()
    this.#routed = share
    this.#atShift = candidate
  }

  /** What the candidate answered without an incident, for when there is nobody to compare it with. */
  #pass(incidents: readonly Incident[], { all }: Answers, nowMs: number): void {
    const mine = incidents.filter((incident) => this.#sideOf(incident) === 'candidate')
    for (const [metric, judge] of this.#metrics) {
      const hits = mine.filter((incident) => METRICS[incident.what] === metric).length
      judge.passed(Math.max(0, all - hits), nowMs)
    }
  }

  #count(incidents: readonly Incident[], share: number): void {
    for (const incident of incidents) {
      const side = this.#sideOf(incident)
      if (!side) continue
      this.#metrics.get(METRICS[incident.what])?.count(incident, side, share)
      if (incident.what === 'error' && share < 1)
        this.#paths.of(incident.path)?.count(incident, side, share)
    }
  }

  #sideOf({ release }: Incident): Side | undefined {
    if (release === this.#terms.candidate) return 'candidate'
    return release === this.#terms.stable ? 'stable' : undefined
  }

  #all(): readonly MetricJudge[] {
    return [...this.#whole(), ...this.#paths.all]
  }

  /** Of the whole release. */
  #whole(): readonly MetricJudge[] {
    return [...this.#metrics.values(), ...(this.#crashes ? [this.#crashes.metric] : [])]
  }

  #grounds(judge: MetricJudge): Grounds {
    const { metric, path } = judge.terms
    const { candidate, stable } = this.#amongWhich(metric)
    return {
      metric,
      ...(path !== undefined && { path }),
      candidate: seen(candidate, judge.incidents.candidate),
      stable: seen(stable, judge.incidents.stable),
      evidence: judge.evidence,
    }
  }

  #amongWhich(metric: Metric): Readonly<Record<Side, number>> {
    if (metric === 'crashes' && this.#crashes) return this.#crashes.running
    const { candidate, stable } = this.#sinceFirst()
    return { candidate: candidate.all, stable: stable.all }
  }

  /** Of the old release's answers, the share with such an incident at most. */
  #before(metric: OfAnswers): number {
    if (metric === 'latency') return 1 - (this.#terms.spec.latency ?? 1)
    const { stable } = this.#last
    // At most so many, after so few answers: the rule of three again.
    return Math.min(1, (stable[metric] + 3) / (stable.all + 3))
  }

  #answers(): Readonly<Record<Side, Answers>> {
    const { candidate, stable } = this.#terms
    return { candidate: this.#counts.of(candidate), stable: this.#counts.of(stable) }
  }

  #fresh(side: Side, now: Readonly<Record<Side, Answers>>): Answers {
    return since(this.#last[side], now[side])
  }

  #sinceFirst(): Readonly<Record<Side, Answers>> {
    const from = this.#first ?? this.#last
    return {
      candidate: since(from.candidate, this.#last.candidate),
      stable: since(from.stable, this.#last.stable),
    }
  }
}

function enabledIn({ spec }: JudgeTerms): readonly OfAnswers[] {
  const metrics: OfAnswers[] = []
  if (spec.errors) metrics.push('errors')
  if (spec.refusals) metrics.push('refusals')
  if (spec.latency !== undefined) metrics.push('latency')
  return metrics
}

function crashJudge({ spec, candidate }: JudgeTerms): CrashJudge {
  return new CrashJudge(candidate, spec.alpha * PARTS.crashes)
}

function growthsIn(terms: JudgeTerms): readonly GrowthJudge[] {
  if (!terms.spec.memory) return []
  return RESOURCES.map((resource) => new GrowthJudge(resource, terms))
}

function rateOf(sight: Sight | undefined): { readonly perSecond?: number } {
  return sight ? { perSecond: sight.perSecond } : {}
}

function seen(answers: number, incidents: number): { answers: number; incidents: number } {
  return { answers, incidents }
}
