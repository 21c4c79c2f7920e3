import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { Problem } from '../src/core/problem.ts'

/** The proxy has the last core to itself; load, instances and this program have the others. */
export interface Cores {
  readonly proxy: string
  readonly others: string
}

/** Moves this process, and with it all it starts, away from the proxy's core. */
export function divideCores(): Cores {
  const count = availableParallelism()
  if (process.platform !== 'linux' || count < 2) {
    throw new Problem('bench-impossible', {
      message: `the bench needs Linux and two cores; this is ${process.platform} with ${count}`,
      hint: 'Run it on another machine.',
    })
  }
  const cores = { proxy: String(count - 1), others: count === 2 ? '0' : `0-${count - 2}` }
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores.others, String(process.pid)])
  return cores
}
