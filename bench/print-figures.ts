import type { Figures } from './figures.ts'

const COLUMNS: readonly (readonly [string, (one: Figures) => number | null])[] = [
  ['CPU µs/request', (one) => one.cpuMicrosPerRequest],
  ['× nginx', (one) => one.ratioToNginx],
  ['× bare nginx', (one) => one.ratioToBareNginx],
  ['requests/s', (one) => one.rps],
  ['MB/s', (one) => one.mbPerSecond],
  ['p50 ms', (one) => one.p50Ms],
  ['p99 ms', (one) => one.p99Ms],
  ['p99.9 ms', (one) => one.p999Ms],
  ['memory MB', (one) => one.rssMb],
]

/** A table for each case, its proxies in rows. */
export function printFigures(figures: readonly Figures[], print: (line: string) => void): void {
  for (const [name, rows] of Map.groupBy(figures, (one) => one.case)) {
    print('')
    print(`${name.padEnd(18)}${COLUMNS.map(([title]) => title.padStart(15)).join('')}`)
    for (const row of rows)
      print(`  ${row.proxy.padEnd(16)}${COLUMNS.map(([, value]) => cell(value(row))).join('')}`)
  }
}

function cell(value: number | null): string {
  return (value === null ? '–' : value.toLocaleString('en-US')).padStart(15)
}
