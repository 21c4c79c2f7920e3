import { isDeepStrictEqual } from 'node:util'
import { harmOf, usersOf } from './users.ts'
import type { Lane } from './lane.ts'
import { departures, play } from './play.ts'
import type { Plot } from './plot.ts'
import { nameOf } from './rows.ts'
import { type Scene, type Score, stepsOf } from './score.ts'
import type { Blow } from './blows.ts'
import { isDeadly, strike } from './strike.ts'

/** One rollout that is struck at one moment. */
export interface Cell {
  readonly score: Score
  readonly scene: Scene
  readonly blow: Blow
  /** Which of several it strikes. */
  readonly turn: number
}

/** Plays it under load. Resolves with what is not as it must be; empty when all is. */
export async function faultsOf(lane: Lane, cell: Cell, ends: readonly Score[]): Promise<string[]> {
  const { score, scene, blow } = cell
  const { row, step } = score
  await row.prepare(lane)
  const load = usersOf(lane, `run-${process.hrtime.bigint()}`)
  const struck = strike(lane, load, cell)
  const act = isDeadly(blow) ? 'die' : 'tell'
  const plot: Plot = { at: { ...scene.at, act }, ...(step !== undefined && { step }) }
  try {
    const rollout = await play(lane, row, { plot, ...struck })
    await struck.over()
    const { steps } = score
    // Then its moments are others than those it was to be struck at.
    if (!isDeepStrictEqual(stepsOf(rollout), steps))
      throw new Error(`planned otherwise: ${stepsOf(rollout).join(', ')}; not ${steps.join(', ')}`)
    const wanted = ends.filter((each) => maySoEnd(each, score, blow)).map(({ end }) => end)
    const departed = await departures(lane, wanted)
    return [...departed, ...(await harmOf(load, lane, blow))]
  } finally {
    await load.stop()
  }
}

/** An instance of the new release that ends by itself is a reason to take it back, and so is one that cannot be started. */
function maySoEnd(end: Score, { row }: Score, blow: Blow): boolean {
  if (end.row.strategy !== row.strategy) return false
  return end.row.ending === row.ending || blow === 'new instance' || blow === 'disk full'
}

export function titleOf({ score, scene, blow }: Cell): string {
  const { entry, when } = scene.at
  return `${nameOf(score.row)}: ${blow}, ${when} entry ${entry} (${scene.what})`
}
