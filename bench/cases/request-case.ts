import { generateLoad } from '../load/generate-load.ts'
import type { LoadPlan } from '../load/talk.ts'
import { wrk, type WrkOutcome, type WrkPlan } from '../load/wrk.ts'
import { wrkInTurns } from '../load/wrk-in-turns.ts'
import { hostAndPort, isEncrypted } from '../peers/peer.ts'
import type { RunningPeer } from '../peers/start-peer.ts'
import { threadMicros } from '../processor-time.ts'
import type { Stage } from '../stage.ts'
import { atOneRate, halfOfNginx } from './at-one-rate.ts'
import type { CaseOfAll } from './case.ts'
import { type Cost, costOf } from './loaded.ts'
import type { PacedLoad } from './with-latency.ts'

export interface RequestTerms {
  readonly entry?: 'http' | 'tls'
  readonly origin?: 'tcp' | 'unix'
  readonly path?: string
  /** Of each answer, where its throughput is worth telling. */
  readonly bytes?: number
  /** So many bytes as the body of a POST. */
  readonly post?: number
  readonly connection?: 'kept' | 'fresh'
  readonly connections?: number
  /** At which latency is taken; unset: half of what nginx can do. */
  readonly perSecond?: number
}

/** How long each is asked at a constant rate, before it is the next one's turn. */
const PACED_TURN_MS = 250

/** Requests over HTTP/1.1: what they cost at full load, and how long they take at a rate that all can do. */
export function requestCase(name: string, terms: RequestTerms = {}): CaseOfAll {
  const { entry = 'http', origin = 'tcp', connection = 'kept', bytes } = terms
  return {
    name,
    entry,
    origin,
    needs: ['wrk'],
    takeAll: async (peers, { stage, seconds }) => {
      const plans = (some: readonly RunningPeer[]) =>
        some.map((peer) => wrkPlanOf(peer, terms, seconds))
      for (const plan of plans(peers)) await wrk(stage, { ...plan, seconds: 1 })
      const costs = await costsInTurns(stage, peers, plans(peers))
      const perSecond = terms.perSecond ?? halfOfNginx(costs)
      const samples = await atOneRate(costs, perSecond, (able) =>
        connection === 'kept'
          ? wrkPaced(stage, plans(able), perSecond)
          : generated(stage, able, { seconds, perSecond }),
      )
      if (bytes === undefined) return samples
      return samples.map((one) => ({ ...one, mbPerSecond: ((one.rps ?? 0) * bytes) / 1_000_000 }))
    },
  }
}

/** Of each proxy, what it takes while it is its turn; what it does meanwhile in the turns of others is not asked for. */
async function costsInTurns(
  stage: Stage,
  peers: readonly RunningPeer[],
  plans: readonly WrkPlan[],
): Promise<readonly (readonly [RunningPeer, Cost])[]> {
  const meters = peers.map((peer) => {
    const pids = peer.pids()
    return () => threadMicros(pids)
  })
  const outcomes = await wrkInTurns(stage, plans, meters)
  return peers.flatMap((peer, at) => {
    const outcome = outcomes[at]
    return outcome ? [[peer, costOf(outcome, peer, outcome.spent)] as const] : []
  })
}

function wrkPlanOf(
  { address, setup }: RunningPeer,
  { path = '/', post, connection = 'kept', connections = 64 }: RequestTerms,
  seconds: number,
): WrkPlan {
  const scheme = isEncrypted(setup.entry) ? 'https' : 'http'
  const url = `${scheme}://${hostAndPort(address)}${path}`
  return { url, connection, connections, seconds, ...(post !== undefined && { post }) }
}

/** All at once, each in its own turns. */
function wrkPaced(
  stage: Stage,
  plans: readonly WrkPlan[],
  perSecond: number,
): Promise<readonly WrkOutcome[]> {
  const of = plans.length
  return Promise.all(
    plans.map((plan, turn) => {
      const pace = { perSecond, turn, of, ms: PACED_TURN_MS }
      return wrk(stage, { ...plan, seconds: plan.seconds * of, pace })
    }),
  )
}

/** One after the other. wrk does not count what it takes to connect; this does. */
async function generated(
  stage: Stage,
  peers: readonly RunningPeer[],
  pace: Pick<LoadPlan, 'seconds' | 'perSecond'>,
): Promise<readonly PacedLoad[]> {
  const loads: PacedLoad[] = []
  for (const { address, setup } of peers) {
    const head = `GET / HTTP/1.1\r\nHost: ${hostAndPort(address)}\r\nConnection: close\r\n\r\n`
    const encrypted = isEncrypted(setup.entry)
    const talk = { address, encrypted, message: head, answer: 'content-length' } as const
    const plan = { ...pace, talk: { ...talk, connection: 'fresh' as const }, connections: 64 }
    loads.push(await generateLoad(stage, plan))
  }
  return loads
}
