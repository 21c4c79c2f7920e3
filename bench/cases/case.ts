import type { EntryKind } from '../peers/peer.ts'
import type { OriginKind } from '../origin/origins.ts'
import type { Sample } from '../sample.ts'
import type { Trial } from '../trial.ts'

/** One thing to measure. */
export interface Case {
  readonly name: string
  readonly entry: EntryKind
  readonly origin: OriginKind
  /** Programs without which it cannot be taken. */
  readonly needs: readonly string[]
  /** So many files at once, connections among them, must be allowed to a process. */
  readonly openFiles?: number
  /** It asks for what other proxies have no like of. */
  readonly onlyMidflight?: true
  /** Rejects when the proxy does not come up, or the load cannot be made. */
  take(trial: Trial): Promise<Sample>
}
