import type { Cell } from './cell.ts'
import type { Scene, Score } from './score.ts'
import { VICTIMS } from './victims.ts'

/**
 * Every cell: the controller before and after each entry; everybody else between each two entries, which is after each,
 * since they write none. Up to where it turns, a rollout that is undone goes as one that is promoted, and the others
 * were killed there already.
 */
export function cellsOf(scores: readonly Score[]): readonly Cell[] {
  return scores.flatMap((score) =>
    score.scenes.flatMap((scene, at) =>
      VICTIMS.filter((victim) => isKilled(victim, scene, score)).map((victim) => ({
        score,
        scene,
        victim,
        turn: Math.floor(at / 2),
      })),
    ),
  )
}

function isKilled(victim: Cell['victim'], scene: Scene, { row, scenes }: Score): boolean {
  if (victim === 'controller') return true
  if (scene.at.when === 'before') return false
  if (row.ending === 'undone' && scene.at.entry < turnOf(scenes)) return false
  return victim === 'supervisor' || victim === 'worker' || scene.instances.includes(victim)
}

function turnOf(scenes: readonly Scene[]): number {
  return scenes.find(({ what }) => what === 'turned')?.at.entry ?? 0
}
