import { missing } from '../support/small-disk.ts'
import { type Blow, BLOWS } from './blows.ts'
import type { Cell } from './cell.ts'
import type { Scene, Score } from './score.ts'

/** Damage is done after each so manieth entry: what is read back does not depend on the step. */
const EACH_DAMAGE = 4

/**
 * Every cell: the controller is killed before and after each entry; everybody else between each two entries, which is after
 * each, since they write none. Up to where it turns, a rollout that is undone goes as one that is promoted, and the others
 * were struck there already.
 */
export function cellsOf(scores: readonly Score[]): readonly Cell[] {
  return scores.flatMap((score) =>
    score.scenes.flatMap((scene, at) =>
      BLOWS.filter((blow) => falls(blow, scene, score)).map((blow) => ({
        score,
        scene,
        blow,
        turn: Math.floor(at / 2),
      })),
    ),
  )
}

function falls(blow: Blow, { at, instances }: Scene, { row, scenes }: Score): boolean {
  if (blow === 'controller') return true
  if (at.when === 'before') return false
  if (row.ending === 'undone' && at.entry < turnOf(scenes)) return false
  if (blow === 'supervisor' || blow === 'worker') return true
  if (blow === 'old instance' || blow === 'new instance') return instances.includes(blow)
  if ((blow === 'read-only' || blow === 'disk full') && missing() !== undefined) return false
  return at.entry % EACH_DAMAGE === 1
}

function turnOf(scenes: readonly Scene[]): number {
  return scenes.find(({ what }) => what === 'turned')?.at.entry ?? 0
}
