import { type Errors, errorsIn, type World } from './world.ts'

/** When a rule takes the candidate back, in milliseconds; `undefined`: not within the time it has. */
export type Rule = (world: World, random: () => number, forMs: number) => Undoing

export interface Undoing {
  readonly atMs: number | undefined
  /** Requests that the candidate failed before it was taken back, or in all the time. */
  readonly escaped: number
}

/**
 * Flagger's scheduler (pkg/controller/scheduler.go): each interval it asks for the success rate within the last one; below 99 %
 * the check has failed. When as many have failed as the threshold says, the next turn takes the candidate back.
 */
export function flagger(intervalMs: number, threshold: number): Rule {
  return checked({ intervalMs, failures: threshold, least: 0.99, turnsLater: 1 })
}

/** The background analysis of Argo's documentation: each five minutes 95 %, at most three failures. */
export const argo: Rule = checked({ intervalMs: 300_000, failures: 4, least: 0.95, turnsLater: 0 })

interface Checks {
  readonly intervalMs: number
  /** So many failed checks are too many. */
  readonly failures: number
  /** Success rate of a good check. */
  readonly least: number
  readonly turnsLater: number
}

function checked({ intervalMs, failures, least, turnsLater }: Checks): Rule {
  return (world, random, forMs) => {
    const errors = errorsIn(world, random)
    const requests = (world.perSecond * world.share * intervalMs) / 1000
    let [escaped, failed, later] = [0, 0, turnsLater]
    let next: Errors | undefined
    for (let atMs = intervalMs; atMs <= forMs; atMs += intervalMs) {
      let bad = 0
      for (
        next ??= errors.next().value as Errors;
        next.atMs <= atMs;
        next = errors.next().value as Errors
      )
        if (next.of === 'candidate') bad += next.count
      escaped += bad
      if (failed >= failures && --later <= 0) return { atMs, escaped }
      if (1 - bad / requests < least) failed += 1
      if (failed >= failures && later === 0) return { atMs, escaped }
    }
    return { atMs: undefined, escaped }
  }
}
