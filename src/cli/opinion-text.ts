import { HARM_WORDS } from '../core/harm-words.ts'
import type { Grounds, GrowthGrounds, Opinion, Resource, Seen } from '../core/judge.ts'
import { fewUsersText } from '../core/few-users.ts'
import { number } from './words.ts'

/** What the judge said and the numbers it rests on, in one line. */
export function opinionText(opinion: Opinion): string {
  switch (opinion.verdict) {
    case 'bad': {
      if ('fullInMs' in opinion.grounds) return growthText(opinion.grounds)
      const { evidence } = opinion.grounds
      return `worse: ${comparisonText(opinion.grounds)}; evidence ${number(Math.floor(evidence))}`
    }
    case 'frozen':
      return `frozen: both releases fail alike (the old one ${ratio(opinion.stable)}), so no verdict`
    case 'fine':
      return `fine: surely not much worse, ${ratio(opinion.candidate)} with an error`
    case 'undecided':
      return opinion.few
        ? `undecided: ${fewUsersText(opinion.few)}`
        : `undecided so far: ${ratio(opinion.candidate)} with an error`
  }
}

function comparisonText({ metric, path, candidate, stable }: Grounds): string {
  if (metric === 'crashes')
    return `the new release’s ${crashes(candidate)}, the old one’s ${crashes(stable)}`
  const where = path === undefined ? '' : ` on ${path}`
  return `the new release answered ${ratio(candidate)} ${HARM_WORDS[metric]}${where}, the old one ${ratio(stable)}`
}

function crashes({ answers, incidents }: Seen): string {
  return `${number(answers)} instances ended ${incidents === 1 ? 'once' : `${number(incidents)} times`} by themselves`
}

function growthText({ instance, metric, perSecond, stable, fullInMs }: GrowthGrounds): string {
  const beside = stable
    ? ` (the old release ${stable.when === 'now' ? 'now' : 'at the same age'}: ${rate(metric, stable.perSecond)})`
    : ''
  return `worse: ${instance} grew in ${metric} by ${rate(metric, perSecond)} a second${beside}, full in ${number(Math.round(fullInMs / 1000))}s`
}

function rate(metric: Resource, perSecond: number): string {
  if (metric === 'memory') return `${(perSecond / 1e6).toFixed(1)} MB`
  return metric === 'lag' ? `${perSecond.toFixed(1)} ms` : perSecond.toFixed(1)
}

function ratio({ answers, incidents }: Seen): string {
  return `${number(incidents)} of ${number(Math.max(answers, incidents))}`
}
