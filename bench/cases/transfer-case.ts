import { fileURLToPath } from 'node:url'
import type { TransferOutcome, TransferPlan } from '../load/transfer.ts'
import { GIGABYTE } from '../origin/origins.ts'
import type { CaseOfOne } from './case.ts'
import { loaded } from './loaded.ts'

const PROGRAM = fileURLToPath(new URL('../load/transfer.ts', import.meta.url))

/** Bodies of one GiB, one at a time. What one of them costs is for the whole of it; it has no latency at half load. */
export function transferCase(name: string, direction: TransferPlan['direction']): CaseOfOne {
  const origin = direction === 'upload' ? 'sink' : 'tcp'
  return {
    name,
    entry: 'http',
    origin,
    needs: [],
    take: async (trial) => {
      const { stage, seconds } = trial.terms
      const peer = await trial.start('http', origin)
      const { port } = peer.address
      const plan: TransferPlan = { port, direction, path: '/1g', bytes: GIGABYTE, seconds }
      const cost = await loaded(peer, async () => {
        const output = await stage.run(process.execPath, [PROGRAM, JSON.stringify(plan)])
        return JSON.parse(output) as TransferOutcome
      })
      return { ...cost, mbPerSecond: (cost.rps * GIGABYTE) / 1_000_000 }
    },
  }
}
