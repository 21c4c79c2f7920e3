import { HARM_WORDS } from '../../core/harm-words.ts'
import type { Grounds, GrowthGrounds, Resource, Seen } from '../../core/judge.ts'
import type { ReleaseId } from '../../core/names.ts'
import type { Plan } from '../../core/plan.ts'
import { Problem } from '../../core/problem.ts'

const UNIT: Readonly<Record<Exclude<Resource, 'memory'>, string>> = {
  descriptors: 'file descriptors',
  lag: 'ms of lag',
}
const END: Readonly<Record<Resource, string>> = {
  memory: 'there is none left',
  descriptors: 'there is none left',
  lag: 'its health check is answered too late',
}
const CAUSE: Readonly<Record<Resource, string>> = {
  memory: 'what it keeps',
  descriptors: 'what it does not close',
  lag: 'what keeps it busy',
}

/** Why the judge has a release taken back, with the numbers behind it. */
export function condemnation(plan: Plan, grounds: Grounds | GrowthGrounds): Problem {
  return 'fullInMs' in grounds ? ofGrowth(plan, grounds) : ofAnswers(plan, grounds)
}

function ofGrowth({ from = '', to }: Plan, grounds: GrowthGrounds): Problem {
  const { instance, metric, perSecond, now, stable, fullInMs } = grounds
  const beside = stable
    ? ` (${from} ${stable.when === 'now' ? 'grows' : 'grew, when it was as old,'} by ${amount(metric, stable.perSecond)})`
    : ''
  return new Problem('release-grows', {
    message:
      `${instance} grows by ${amount(metric, perSecond)} a second and has ${amount(metric, now)}${beside}; ` +
      `at that rate ${END[metric]} in ${Math.round(fullInMs / 1000)}s`,
    hint: `Look for ${CAUSE[metric]}: midflight logs ${to}. If it grows to a bound that fits: rollout.judge.memory: false.`,
    data: { release: to, grounds },
  })
}

function amount(metric: Resource, value: number): string {
  return metric === 'memory'
    ? `${(value / 1e6).toFixed(1)} MB`
    : `${value.toFixed(1)} ${UNIT[metric]}`
}

function ofAnswers({ from = '', to }: Plan, grounds: Grounds): Problem {
  return new Problem('release-worse', {
    message:
      `${to} is worse than ${from}: ${comparisonOf(from, grounds)}; ` +
      `that is ${oddsOf(grounds.evidence)} times likelier than with equal releases`,
    hint: `See what it says: midflight logs ${to}. Deploy again when it is mended.`,
    data: { release: to, grounds },
  })
}

function comparisonOf(from: ReleaseId, { metric, path, candidate, stable }: Grounds): string {
  if (metric === 'crashes') return `${crashes('its', candidate)}, ${crashes(`${from}’s`, stable)}`
  const where = path === undefined ? '' : ` on ${path}`
  return `it answered ${ratio(candidate)} requests ${HARM_WORDS[metric]}${where}, ${from} ${ratio(stable)}`
}

function crashes(whose: string, { answers, incidents }: Seen): string {
  return `${whose} ${answers} instances ended by themselves ${incidents === 1 ? 'once' : `${incidents} times`}`
}

function ratio({ answers, incidents }: Seen): string {
  return `${incidents} of ${Math.max(answers, incidents)}`
}

function oddsOf(evidence: number): string {
  return evidence < 1e6 ? String(Math.floor(evidence)) : 'over a million'
}
