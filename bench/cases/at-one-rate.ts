import type { RunningPeer } from '../peers/start-peer.ts'
import type { Sample } from '../sample.ts'
import { whileBusy } from '../while-busy.ts'
import type { Cost } from './loaded.ts'
import { type PacedLoad, withLatency } from './with-latency.ts'

export type PeerCost = readonly [peer: RunningPeer, cost: Cost]

/** A proxy that can hardly do the rate would show its queue, not its latency. */
const ROOM = 1.2
/** Beyond this the load and the instances wait for each other, and a latency shows that too. */
const CROWDED = 0.8

/** Adds to what each cost the latency at a rate that is the same for all: half of what nginx can do. */
export async function atOneRate(
  costs: readonly PeerCost[],
  loads: (peers: readonly RunningPeer[], perSecond: number) => Promise<readonly PacedLoad[]>,
): Promise<readonly Sample[]> {
  const perSecond = Math.max(1, Math.round(yardstick(costs) / 2))
  const able = costs.filter(([, cost]) => cost.rps >= perSecond * ROOM).map(([peer]) => peer)
  const { result, busy } = await whileBusy(() => loads(able, perSecond))
  const crowded = `the load's cores were ${Math.round(busy * 100)}% busy while latency was taken`
  return costs.map(([peer, cost]) => {
    const load = result[able.indexOf(peer)]
    if (!load) return noting(cost, `it cannot do ${perSecond}/s, at which latency was taken`)
    const sample = withLatency(cost, load)
    return busy > CROWDED ? noting(sample, crowded) : sample
  })
}

/** Of the fastest, where nginx is not among them. */
function yardstick(costs: readonly PeerCost[]): number {
  const nginx = costs.find(([peer]) => peer.name === 'nginx')
  return nginx?.[1].rps ?? Math.max(0, ...costs.map(([, cost]) => cost.rps))
}

function noting(sample: Sample, note: string): Sample {
  return { ...sample, notes: [...(sample.notes ?? []), note] }
}
