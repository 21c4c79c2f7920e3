import type { EntryKind } from '../peers/peer.ts'
import type { RunningPeer } from '../peers/start-peer.ts'
import type { OriginKind } from '../origin/origins.ts'
import type { Sample } from '../sample.ts'
import type { Trial, TrialTerms } from '../trial.ts'

/** One thing to measure. */
export type Case = CaseOfOne | CaseOfAll

interface CaseTerms {
  readonly name: string
  readonly entry: EntryKind
  readonly origin: OriginKind
  /** Programs without which it cannot be taken. */
  readonly needs: readonly string[]
  /** So many files at once, connections among them, must be allowed to a process. */
  readonly openFiles?: number
  /** It asks for what other proxies have no like of. */
  readonly onlyMidflight?: true
}

/** Measures one proxy after the other. */
export interface CaseOfOne extends CaseTerms {
  /** Rejects when the proxy does not come up, or the load cannot be made. */
  take(trial: Trial): Promise<Sample>
}

/** Measures all proxies of a round by turns. */
export interface CaseOfAll extends CaseTerms {
  /** A sample for each, in their order. Rejects when the load cannot be made. */
  takeAll(peers: readonly RunningPeer[], terms: TrialTerms): Promise<readonly Sample[]>
}
