import { ALL, type BasisPoints } from '../core/names.ts'
import type { Grounds, Look } from './worry.ts'

/** A release that fails one time in twenty shows about four errors in so many answers: with them the judge is certain. */
const ANSWERS = 80

/** Whether each share of the rollout gets enough answers to be judged in the time it is held. */
export const lookAtTraffic: Look = (grounds) => {
  const perSecond = rateOf(grounds)
  const stages = stagesOf(grounds)
  if (perSecond === undefined || stages.length === 0) return []
  const needed = answersNeeded(grounds)
  const short = stages.filter(
    ({ share, holdMs }) => secondsFor(needed, share, perSecond) * 1000 > holdMs,
  )
  if (short.length === 0) return []
  const times = stages.map(
    ({ share }) => `${share / 100}%: ${inWords(secondsFor(needed, share, perSecond))}`,
  )
  return [
    {
      what: `at ${rounded(perSecond)} requests a second, ${short.length} of ${stages.length} shares are over before a release that fails one time in twenty shows it (${needed} answers take ${times.join(', ')})`,
      why: 'the rollout goes on without having seen enough, so a bad release reaches more users before it is taken back',
      hint: 'Hold each share for longer, begin with a larger one, or ask for more before it goes on: rollout: { judge: { inconclusive: hold } }',
    },
  ]
}

interface Stage {
  readonly share: BasisPoints
  readonly holdMs: number
}

/** The shares below all of the traffic that are held for a time of their own; one that waits for a person is long enough. */
function stagesOf({ plan }: Grounds): readonly Stage[] {
  let share: BasisPoints = 0
  return plan.steps.flatMap((step) => {
    if (step.kind === 'shift-traffic') share = step.to[plan.to] ?? 0
    const isPart = plan.from !== undefined && share > 0 && share < ALL
    if (!isPart || step.kind !== 'ask-gate' || typeof step.hold !== 'number') return []
    return [{ share, holdMs: step.hold }]
  })
}

/** Unset before anybody was ever asked for it. */
function rateOf({ plan, traffic }: Grounds): number | undefined {
  return plan.from === undefined ? undefined : traffic?.sights?.[plan.from]?.perSecond
}

/** Without the judge, the limits of the gate want theirs. */
function answersNeeded({ release }: Grounds): number {
  const { judge, gate } = release.spec.rollout
  return judge ? ANSWERS : Math.max(ANSWERS, gate.minRequests)
}

function secondsFor(answers: number, share: BasisPoints, perSecond: number): number {
  return answers / ((perSecond * share) / ALL)
}

function inWords(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'for ever'
  if (seconds < 120) return `${Math.ceil(seconds)} s`
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`
}

function rounded(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0)
}
