import { nameOf, ROWS } from './rows.ts'
import type { PlayedCell } from './run-matrix.ts'
import { BLOWS } from './blows.ts'

const WIDTH = 14

/** Rows are kinds of rollouts, columns what befell it; each cell tells how many runs passed of how many. */
export function printMatrix(played: readonly PlayedCell[]): string {
  const head = ['', ...BLOWS]
  const rows = ROWS.map((row) => [
    nameOf(row),
    ...BLOWS.map((blow) =>
      share(played.filter(({ cell }) => cell.score.row === row && cell.blow === blow)),
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
