import { parseArgs } from 'node:util'
import { refused, wholeNumber } from '../bench-arguments.ts'
import { CELLS } from './cells.ts'
import { outcomeOf, type Outcome, RULES } from './outcome.ts'

/** `npm run bench -- judge`: the judge beside the rules of Flagger and Argo, on simulated traffic. */
export function judgeBench(words: readonly string[], print: (line: string) => void): void {
  const { json, runs } = askedFor(words)
  const outcomes: Outcome[] = []
  for (const cell of CELLS)
    for (const [name, rule] of Object.entries(RULES)) {
      const outcome = outcomeOf(cell, name, rule, runs)
      outcomes.push(outcome)
      if (!json) print(lineOf(outcome))
    }
  if (json) print(JSON.stringify(outcomes, undefined, 2))
}

function askedFor(words: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { json: { type: 'boolean', default: false }, runs: { type: 'string' } },
    })
    return { json: values.json, runs: wholeNumber('--runs', values.runs ?? '1000') }
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error))
  }
}

function lineOf(one: Outcome): string {
  const { about, perSecond, candidate, stable, burst, rule } = one
  const world = `${about}: ${perSecond}/s, ${percent(candidate)} beside ${percent(stable)}${burst > 1 ? `, ${burst} at once` : ''}`
  const undone = `${percent(one.undone)} undone`
  const when = one.secondsMedian === null ? '' : ` after ${one.secondsMedian.toFixed(1)} s`
  const escaped = `${one.escapedMedian} escaped (${one.escapedP95})`
  return `${world.padEnd(60)}${rule.padEnd(16)}${undone.padStart(14)}${when.padEnd(16)} ${escaped}`
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`
}
