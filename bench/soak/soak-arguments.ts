import { parseArgs } from 'node:util'
import { Problem } from '../../src/core/problem.ts'

export interface SoakPlan {
  readonly forMs: number
  readonly changeEveryMs: number
  readonly killEveryMs: number
}

export const USAGE = `npm run soak -- [--minutes 60] [--change-every 1s] [--kill-every 60s]
  --minutes       how long it lasts
  --change-every  the time between two changes of the route
  --kill-every    the time between two kills of a worker`

/** Throws `soak-arguments` for words it does not know. */
export function soakArguments(words: readonly string[]): SoakPlan {
  const values = parsed(words)
  return {
    forMs: durationOf('--minutes', `${values.minutes ?? '60'}m`),
    changeEveryMs: durationOf('--change-every', values['change-every'] ?? '1s'),
    killEveryMs: durationOf('--kill-every', values['kill-every'] ?? '60s'),
  }
}

function parsed(words: readonly string[]) {
  try {
    const text = { type: 'string' } as const
    const options = { minutes: text, 'change-every': text, 'kill-every': text }
    return parseArgs({ args: [...words], options }).values
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error))
  }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 }

function durationOf(option: string, text: string): number {
  const [, number = '', unit = ''] = /^([1-9]\d{0,5})(ms|s|m)$/.exec(text) ?? []
  const ms = Number(number) * (UNITS[unit] ?? 0)
  if (ms > 0) return ms
  throw refused(`${option} cannot be ${JSON.stringify(text)}; times are such as 500ms, 1s, 2m`)
}

function refused(message: string): Problem {
  return new Problem('soak-arguments', { message, hint: 'Ask for it as below.' })
}
