import type { Grounds, GrowthGrounds, Metric, Seen } from '../core/judge.ts'
import type { Plan } from '../core/plan.ts'
import { Problem } from '../core/problem.ts'

const WHAT: Readonly<Record<Metric, string>> = {
  errors: 'with an error',
  refusals: 'with a refusal (4xx)',
  latency: 'too late',
}

/** Why the judge has a release taken back, with the numbers behind it. */
export function condemnation(plan: Plan, grounds: Grounds | GrowthGrounds): Problem {
  return 'fullInMs' in grounds ? ofGrowth(plan, grounds) : ofAnswers(plan, grounds)
}

function ofGrowth({ to }: Plan, grounds: GrowthGrounds): Problem {
  const { instance, metric, perSecond, now, fullInMs } = grounds
  const unit = metric === 'memory' ? 'MB' : 'file descriptors'
  const size = (value: number): string =>
    metric === 'memory' ? (value / 1e6).toFixed(1) : value.toFixed(1)
  return new Problem('release-grows', {
    message:
      `${instance} grows by ${size(perSecond)} ${unit} a second and has ${size(now)}; ` +
      `at that rate there is none left in ${Math.round(fullInMs / 1000)}s`,
    hint: `Look for what it keeps: midflight logs ${to}. If it grows to a bound that fits: rollout.judge.memory: false.`,
    data: { release: to, grounds },
  })
}

function ofAnswers({ from = '', to }: Plan, grounds: Grounds): Problem {
  const { metric, path, candidate, stable, evidence } = grounds
  const where = path === undefined ? '' : ` on ${path}`
  return new Problem('release-worse', {
    message:
      `${to} is worse than ${from}: it answered ${ratio(candidate)} requests ${WHAT[metric]}${where}, ` +
      `${from} ${ratio(stable)}; that is ${oddsOf(evidence)} times likelier than with equal releases`,
    hint: `See what it says: midflight logs ${to}. Deploy again when it is mended.`,
    data: { release: to, grounds },
  })
}

function ratio({ answers, incidents }: Seen): string {
  return `${incidents} of ${Math.max(answers, incidents)}`
}

function oddsOf(evidence: number): string {
  return evidence < 1e6 ? String(Math.floor(evidence)) : 'over a million'
}
