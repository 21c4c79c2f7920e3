import { fileURLToPath } from 'node:url'
import { spreadOf } from '../sample.ts'
import type { CaseOfOne } from './case.ts'
import type { SnapshotLoading } from './load-snapshot.ts'

const PROGRAM = fileURLToPath(new URL('./load-snapshot.ts', import.meta.url))
const TIMES = 5

/**
 * How long a worker takes from the order to obey 1,000 services with 10 instances each until it says that it does. The
 * latency is that; the memory is the worker's after it.
 */
export function snapshotCase(name: string): CaseOfOne {
  return {
    name,
    entry: 'http',
    origin: 'tcp',
    needs: [],
    onlyMidflight: true,
    take: async ({ terms: { stage, cores, origins } }) => {
      const words = [process.execPath, PROGRAM, stage.folder, JSON.stringify(origins.tcp)]
      const loadings: SnapshotLoading[] = []
      for (let time = 0; time < TIMES; time += 1) {
        const output = await stage.run('taskset', ['--cpu-list', cores.proxy, ...words])
        loadings.push(JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as SnapshotLoading)
      }
      const bytes = Math.max(...loadings.map((loading) => loading.bytes))
      const latency = spreadOf(loadings.map((loading) => loading.ms))
      return { latency, rssMb: bytes / 1_000_000, failed: 0 }
    },
  }
}
