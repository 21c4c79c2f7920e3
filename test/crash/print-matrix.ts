import { nameOf, ROWS } from './rows.ts'
import type { PlayedCell } from './run-matrix.ts'
import { VICTIMS } from './victims.ts'

const WIDTH = 15

/** Rows are kinds of rollouts, columns who was killed; each cell tells how many runs passed of how many. */
export function printMatrix(played: readonly PlayedCell[]): string {
  const head = ['killed:', ...VICTIMS]
  const rows = ROWS.map((row) => [
    nameOf(row),
    ...VICTIMS.map((victim) =>
      share(played.filter(({ cell }) => cell.score.row === row && cell.victim === victim)),
    ),
  ])
  return [head, ...rows].map(line).join('\n')
}

function share(played: readonly PlayedCell[]): string {
  const passed = played.filter(({ faults }) => faults.length === 0).length
  return played.length === 0 ? '-' : `${passed}/${played.length}`
}

function line([first = '', ...rest]: readonly string[]): string {
  return first.padEnd(22) + rest.map((each) => each.padStart(WIDTH)).join('')
}
