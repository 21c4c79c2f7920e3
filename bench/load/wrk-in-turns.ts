import { setTimeout } from 'node:timers/promises'
import type { Stage } from '../stage.ts'
import { Turner } from './turner.ts'
import { startWrk, type WrkOutcome, type WrkPlan } from './wrk.ts'

/** Short beside what the machine does in between, long beside what a load takes to get going again. */
const TURN_MS = 100
/** What is in flight when a load is stopped is done after this. */
const REST_MS = 3

/** What a load came to in its turns, and what its meter counted in them. */
export type TurnsOutcome = Omit<WrkOutcome, 'latency'> & { readonly spent: number }

/**
 * Loads that take turns, back and forth, so that all meet the same machine, whatever else it does. Each gets the
 * `seconds` of its plan in all; its rate is that of its turns. A latency says nothing here: a request may wait for a turn.
 */
export async function wrkInTurns(
  stage: Stage,
  plans: readonly WrkPlan[],
  meters: readonly (() => number)[],
): Promise<readonly TurnsOutcome[]> {
  const runs: Run[] = []
  for (const [at, plan] of plans.entries()) {
    const { child, outcome } = await startWrk(stage, {
      ...plan,
      seconds: plan.seconds * plans.length,
    })
    runs.push({ turner: new Turner(child), outcome, meter: meters[at] ?? (() => 0), spent: 0 })
  }
  await takeTurns(runs)
  return Promise.all(
    runs.map(async ({ turner, outcome, spent }) => {
      const { done, failed } = await outcome
      return { done, failed, seconds: turner.workedMs / 1_000, spent }
    }),
  )
}

interface Run {
  readonly turner: Turner
  readonly outcome: Promise<WrkOutcome>
  readonly meter: () => number
  spent: number
}

/** Until one has ended by itself; then the others' time is over too, and each may notice it. */
async function takeTurns(runs: readonly Run[]): Promise<void> {
  for (let round = 0; !runs.some(({ turner }) => turner.isOver); round += 1)
    for (const run of round % 2 === 0 ? runs : runs.toReversed())
      await metered(run, () => run.turner.work(TURN_MS))
  for (const run of runs) await metered(run, () => run.turner.workToTheEnd())
}

async function metered(run: Run, work: () => Promise<void>): Promise<void> {
  const before = run.meter()
  await work()
  await setTimeout(REST_MS)
  run.spent += run.meter() - before
}
