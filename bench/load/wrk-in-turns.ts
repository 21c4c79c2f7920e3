import { setTimeout } from 'node:timers/promises'
import type { Stage } from '../stage.ts'
import { Turner } from './turner.ts'
import { startWrk, type WrkOutcome, type WrkPlan } from './wrk.ts'

/** Short beside what the machine does in between, long beside what a load takes to get going again. */
const TURN_MS = 100
/** What is in flight when a load is stopped is done after this. */
const REST_MS = 3

/**
 * Loads that take turns, back and forth, so that all meet the same machine, whatever else it does. Each gets the
 * `seconds` of its plan in all; its rate is that of its turns. A latency says nothing here: a request may wait for a turn.
 */
export async function wrkInTurns(
  stage: Stage,
  plans: readonly WrkPlan[],
): Promise<readonly Omit<WrkOutcome, 'latency'>[]> {
  const runs: { readonly turner: Turner; readonly outcome: Promise<WrkOutcome> }[] = []
  for (const plan of plans) {
    const { child, outcome } = await startWrk(stage, {
      ...plan,
      seconds: plan.seconds * plans.length,
    })
    runs.push({ turner: new Turner(child), outcome })
  }
  await takeTurns(runs.map((run) => run.turner))
  return Promise.all(
    runs.map(async ({ turner, outcome }) => {
      const { done, failed } = await outcome
      return { done, failed, seconds: turner.workedMs / 1_000 }
    }),
  )
}

/** Until one has ended by itself; then the others' time is over too, and each may notice it. */
async function takeTurns(turners: readonly Turner[]): Promise<void> {
  for (let round = 0; !turners.some((turner) => turner.isOver); round += 1)
    for (const turner of round % 2 === 0 ? turners : turners.toReversed()) {
      await turner.work(TURN_MS)
      await setTimeout(REST_MS)
    }
  for (const turner of turners) await turner.workToTheEnd()
}
