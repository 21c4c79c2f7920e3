import { makeCertificate } from './certificate.ts'
import type { Case } from './cases/case.ts'
import { divideCores } from './cores.ts'
import type { Taken } from './figures.ts'
import { startOrigins } from './origin/origins.ts'
import type { Peer } from './peers/peer.ts'
import { needed, reasonToSkip } from './reason-to-skip.ts'
import type { Sample } from './sample.ts'
import type { Stage } from './stage.ts'
import { takeRound } from './take-round.ts'

export interface BenchPlan {
  readonly cases: readonly Case[]
  readonly peers: readonly Peer[]
  readonly runs: number
  readonly seconds: number
}

export interface BenchResult {
  readonly samples: readonly Taken[]
  /** Measurements that did not come about, and those with a failed request. */
  readonly faults: number
}

/**
 * Takes every sample, case after case. Each round has every proxy once, in an order that rotates, so that what the
 * machine does besides falls on all alike. Each proxy is started anew for each round.
 */
export async function runBench(plan: BenchPlan, stage: Stage, say: Say): Promise<BenchResult> {
  needed('taskset', 'nginx', 'openssl')
  const cores = divideCores()
  const certificate = await makeCertificate(stage.folder)
  const origins = await startOrigins(stage)
  const terms = { stage, certificate, origins, cores, seconds: plan.seconds }
  const samples: Taken[] = []
  let faults = 0
  for (const one of plan.cases) {
    const peers = plan.peers.filter((peer) => takesPart(one, peer, say))
    for (let round = 0; round < plan.runs; round += 1)
      await takeRound(one, rotated(peers, round), terms, (peer, outcome) => {
        say(`${one.name}: ${peer.name} ${wordsFor(outcome)}`)
        if (outcome instanceof Error || outcome.failed > 0) faults += 1
        if (outcome instanceof Error) return
        samples.push({ ...outcome, case: one.name, proxy: peer.name, round })
      })
  }
  return { samples, faults }
}

type Say = (line: string) => void

function takesPart(one: Case, peer: Peer, say: Say): boolean {
  const reason = reasonToSkip(one, peer)
  if (reason !== undefined) say(`${one.name}: ${peer.name} is skipped: ${reason}`)
  return reason === undefined
}

function rotated(peers: readonly Peer[], by: number): readonly Peer[] {
  const first = by % Math.max(1, peers.length)
  return [...peers.slice(first), ...peers.slice(0, first)]
}

function wordsFor(outcome: Sample | Error): string {
  if (outcome instanceof Error) return `failed: ${outcome.message}`
  const { cpuMicrosPerRequest: cpu, rps, mbPerSecond, latency, rssMb, failed, notes = [] } = outcome
  const parts = [
    cpu !== undefined && `${cpu.toFixed(1)} µs`,
    rps !== undefined && `${rps.toFixed(1)}/s`,
    mbPerSecond !== undefined && `${mbPerSecond.toFixed(0)} MB/s`,
    latency && `p99 ${latency.p99.toFixed(2)} ms`,
    rssMb !== undefined && `${rssMb.toFixed(0)} MB`,
    failed > 0 && `${failed} FAILED`,
    ...notes,
  ]
  return parts.filter(Boolean).join(', ')
}
