import { missing } from '../support/small-disk.ts'
import { type Blow, BLOWS } from './blows.ts'
import type { Cell } from './cell.ts'
import type { Scene, Score } from './score.ts'

/** After these the world is touched, or left as it is. From what is done to what is begun next, nothing happens. */
const BEFORE_DEEDS = ['open', 'begun', 'undo-begun', 'close']

/**
 * Every cell. The controller is killed before and after each entry; everybody else before each deed, since they write no
 * entries. Up to where it turns, a rollout that is undone goes as one that is promoted, and the others were struck there
 * already. Damage is done before every other deed: what is read back does not depend on the step.
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

function falls(blow: Blow, { at, what, instances }: Scene, { row, scenes }: Score): boolean {
  if (blow === 'controller') return true
  if (at.when === 'before' || !BEFORE_DEEDS.includes(what)) return false
  if (row.ending === 'undone' && at.entry < turnOf(scenes)) return false
  if (blow === 'supervisor' || blow === 'worker') return true
  if (blow === 'old instance' || blow === 'new instance') return instances.includes(blow)
  if ((blow === 'read-only' || blow === 'disk full') && missing() !== undefined) return false
  return Math.floor(at.entry / 2) % 2 === 0
}

function turnOf(scenes: readonly Scene[]): number {
  return scenes.find(({ what }) => what === 'turned')?.at.entry ?? 0
}
