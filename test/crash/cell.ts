import { harmOf, usersOf } from './users.ts'
import type { Lane } from './lane.ts'
import { departures, play } from './play.ts'
import type { Plot } from './plot.ts'
import { nameOf } from './rows.ts'
import type { Scene, Score } from './score.ts'
import { kill, type Victim } from './victims.ts'

/** One rollout in which one process is killed at one moment. */
export interface Cell {
  readonly score: Score
  readonly scene: Scene
  readonly victim: Victim
  /** Which of several is killed. */
  readonly turn: number
}

/** Plays it under load. Resolves with what is not as it must be; empty when all is. */
export async function faultsOf(
  lane: Lane,
  { score, scene, victim, turn }: Cell,
  ends: readonly Score[],
): Promise<string[]> {
  const { row, step } = score
  await row.prepare(lane)
  const load = usersOf(lane, `${Date.now()}-${process.hrtime.bigint()}`)
  const act = victim === 'controller' ? 'die' : 'tell'
  const plot: Plot = { at: { ...scene.at, act }, ...(step !== undefined && { step }) }
  let isDone = victim === 'controller'
  const atMoment = async () => {
    if (victim !== 'controller') await kill(victim, turn, lane, load)
    isDone = true
  }
  try {
    await play(lane, row, { plot, atMoment })
    const wanted = ends.filter((each) => maySoEnd(each, score, victim)).map(({ end }) => end)
    const departed = await departures(lane, wanted)
    const missed = isDone ? [] : ['it never came to that moment']
    return [...missed, ...departed, ...(await harmOf(load, lane, victim))]
  } finally {
    await load.stop()
  }
}

/** An instance of the new release that ends by itself is a reason to take the release back. */
function maySoEnd(end: Score, { row }: Score, victim: Victim): boolean {
  if (end.row.strategy !== row.strategy) return false
  return end.row.ending === row.ending || victim === 'new instance'
}

export function titleOf({ score, scene, victim }: Cell): string {
  const { entry, when } = scene.at
  return `${nameOf(score.row)}: ${victim} killed ${when} entry ${entry} (${scene.what})`
}
