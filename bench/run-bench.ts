import { makeCertificate } from './certificate.ts'
import type { Case } from './cases/case.ts'
import { divideCores } from './cores.ts'
import type { Taken } from './figures.ts'
import { startOrigins } from './origin/origins.ts'
import type { Peer } from './peers/peer.ts'
import { needed, reasonToSkip } from './reason-to-skip.ts'
import type { Stage } from './stage.ts'
import { Trial, type TrialTerms } from './trial.ts'

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
 * Takes every sample, case after case. Each round visits every proxy once, in an order that rotates, so that what the
 * machine does besides falls on all alike. Each proxy is started anew for each sample.
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
    for (const visit of visits(peers, plan.runs)) {
      const sample = await taken(one, visit, terms, say)
      if (sample) samples.push(sample)
      if (!sample || sample.failed > 0) faults += 1
    }
  }
  return { samples, faults }
}

type Say = (line: string) => void

interface Visit {
  readonly peer: Peer
  readonly round: number
}

function takesPart(one: Case, peer: Peer, say: Say): boolean {
  const reason = reasonToSkip(one, peer)
  if (reason !== undefined) say(`${one.name}: ${peer.name} is skipped: ${reason}`)
  return reason === undefined
}

function* visits(peers: readonly Peer[], runs: number): Generator<Visit> {
  for (let round = 0; round < runs; round += 1)
    for (let turn = 0; turn < peers.length; turn += 1) {
      const peer = peers[(turn + round) % peers.length]
      if (peer) yield { peer, round }
    }
}

/** One sample; nothing when the proxy does not come up or the load cannot be made, which is said. */
async function taken(
  one: Case,
  { peer, round }: Visit,
  terms: TrialTerms,
  say: Say,
): Promise<Taken | undefined> {
  const trial = new Trial(peer, terms)
  try {
    const sample = { ...(await one.take(trial)), case: one.name, proxy: peer.name, round }
    say(lineOf(sample))
    return sample
  } catch (error) {
    say(
      `${one.name}: ${peer.name} failed: ${error instanceof Error ? error.message : String(error)}`,
    )
    return undefined
  } finally {
    await trial.end()
  }
}

function lineOf(sample: Taken): string {
  const { cpuMicrosPerRequest: cpu, rps, latency, rssMb, failed, notes = [] } = sample
  const parts = [
    cpu !== undefined && `${cpu.toFixed(1)} µs`,
    rps !== undefined && `${rps.toFixed(1)}/s`,
    latency && `p99 ${latency.p99.toFixed(2)} ms`,
    rssMb !== undefined && `${rssMb.toFixed(0)} MB`,
    failed > 0 && `${failed} FAILED`,
    ...notes,
  ]
  return `${sample.case}: ${sample.proxy} ${parts.filter(Boolean).join(', ')}`
}
