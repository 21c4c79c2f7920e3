import { memoryOf } from '../memory.ts'
import type { RunningPeer } from '../peers/start-peer.ts'
import { processorMicros } from '../processor-time.ts'
import type { Sample } from '../sample.ts'

/** What a load came to, as far as its cost is concerned. */
interface Done {
  readonly done: number
  readonly failed: number
  readonly seconds: number
}

/** A proxy whose core idles more than this was not what limited the load. */
const BUSY = 0.95

export type Cost = Required<Pick<Sample, 'cpuMicrosPerRequest' | 'rps' | 'rssMb' | 'failed'>> &
  Pick<Sample, 'notes'>

/** Runs a load and tells what it cost the proxy. The memory is that of all its processes, right after. */
export async function loaded(peer: RunningPeer, load: () => Promise<Done>): Promise<Cost> {
  const before = microsOf(peer)
  return costOf(await load(), peer, microsOf(peer) - before)
}

function microsOf(peer: RunningPeer): number {
  return processorMicros(peer.pids())
}

/** What a load came to that took this much of the processor. */
export function costOf({ done, failed, seconds }: Done, peer: RunningPeer, micros: number): Cost {
  const busy = micros / (seconds * 1_000_000)
  const bytes = memoryOf(peer.pids()).reduce((sum, one) => sum + one, 0)
  const good = Math.max(1, done - failed)
  return {
    cpuMicrosPerRequest: micros / good,
    rps: good / seconds,
    rssMb: bytes / 1_000_000,
    failed: done === 0 ? 1 : failed,
    ...(busy < BUSY && {
      notes: [`its core was ${Math.round(busy * 100)}% busy: the load was the limit of the rate`],
    }),
  }
}
