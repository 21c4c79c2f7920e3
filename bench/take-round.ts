import type { Case, CaseOfAll, CaseOfOne } from './cases/case.ts'
import type { Peer } from './peers/peer.ts'
import type { RunningPeer } from './peers/start-peer.ts'
import type { Sample } from './sample.ts'
import { Trial, type TrialTerms } from './trial.ts'

/** What came of it: an error when the proxy did not come up or the load could not be made. */
type Tell = (peer: Peer, outcome: Sample | Error) => void

/** Takes one sample of each proxy, each of them started anew, and tells of every one. */
export async function takeRound(
  one: Case,
  peers: readonly Peer[],
  terms: TrialTerms,
  tell: Tell,
): Promise<void> {
  if ('takeAll' in one) return takeAll(one, peers, terms, tell)
  for (const peer of peers) tell(peer, await takeOne(one, new Trial(peer, terms)))
}

async function takeOne(one: CaseOfOne, trial: Trial): Promise<Sample | Error> {
  try {
    return await one.take(trial)
  } catch (error) {
    return asError(error)
  } finally {
    await trial.end()
  }
}

async function takeAll(
  one: CaseOfAll,
  peers: readonly Peer[],
  terms: TrialTerms,
  tell: Tell,
): Promise<void> {
  const trials = peers.map((peer) => [peer, new Trial(peer, terms)] as const)
  const running: (readonly [Peer, RunningPeer])[] = []
  try {
    for (const [peer, trial] of trials) {
      const started = await trial.start(one.entry, one.origin).catch(asError)
      if (started instanceof Error) tell(peer, started)
      else running.push([peer, started])
    }
    if (running.length === 0) return
    const samples = await one.takeAll(
      running.map(([, started]) => started),
      terms,
    )
    running.forEach(([peer], at) => tell(peer, samples[at] ?? new Error('it has no sample')))
  } catch (error) {
    for (const [peer] of running) tell(peer, asError(error))
  } finally {
    for (const [, trial] of trials) await trial.end()
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
