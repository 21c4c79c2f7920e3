import type { LoadResult, SentEffect } from './load-result.ts'
import type { SideEffect } from './read-ledger.ts'

/** What the load saw, held against what the app did. */
export interface ProofReport extends Omit<LoadResult, 'effects'> {
  /** Ids whose work the app was asked to do. */
  readonly asked: number
  /** Ids answered as done that the ledger does not know. */
  readonly lost: readonly string[]
  /** Ids the ledger knows more than once. */
  readonly duplicated: readonly string[]
  /** Uploads the app took for whole although other bytes were sent. */
  readonly corrupted: readonly string[]
  /** No request failed, none was lost, doubled or changed, and no WebSocket was cut. */
  readonly proven: boolean
}

/** Without a ledger only what the clients saw is judged. */
export function judge(result: LoadResult, ledger?: readonly SideEffect[]): ProofReport {
  const { effects, ...seen } = result
  const done = Map.groupBy(ledger ?? [], (effect) => effect.id)
  const timesDone = (effect: SentEffect) => done.get(effect.id)?.length ?? 0
  const judged = ledger ? effects : []
  const lost = judged.filter((effect) => effect.answered && timesDone(effect) === 0)
  const duplicated = judged.filter((effect) => timesDone(effect) > 1)
  const corrupted = judged.filter(({ id, sha256 }) =>
    done.get(id)?.some((one) => one.sha256 !== sha256),
  )
  const faults = [...lost, ...duplicated, ...corrupted].length + seen.failed + seen.websockets.cut
  return {
    ...seen,
    asked: judged.length,
    lost: idsOf(lost),
    duplicated: idsOf(duplicated),
    corrupted: idsOf(corrupted),
    proven: faults === 0 && seen.requests > 0,
  }
}

function idsOf(effects: readonly SentEffect[]): string[] {
  return effects.map((effect) => effect.id)
}
