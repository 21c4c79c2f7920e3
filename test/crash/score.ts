import type { StepData } from '../../src/core/plan.ts'
import type { Rollout } from '../../src/core/rollout.ts'
import { type EndState, endStateOf, partsOf } from './end-state.ts'
import type { Lane } from './lane.ts'
import { play } from './play.ts'
import type { Moment, Told } from './plot.ts'
import type { Row } from './rows.ts'
import type { Blow } from './blows.ts'

/** A moment of a rollout that nothing disturbs, and which instances run then. */
export interface Scene {
  readonly at: Moment
  readonly what: string
  readonly instances: readonly Blow[]
}

/** How a kind of rollout goes when nothing disturbs it; every disturbed one must come to the same. */
export interface Score {
  readonly row: Row
  readonly scenes: readonly Scene[]
  /** What is done in it, step by step. */
  readonly steps: readonly string[]
  /** The step at which a person ends it, if so. */
  readonly step?: number
  readonly end: EndState
}

/** Plays each row once and writes down how it goes. */
export async function scoresOf(lane: Lane, rows: readonly Row[]): Promise<readonly Score[]> {
  const scores: Score[] = []
  const lastGates = new Map<Row['strategy'], number>()
  for (const row of rows) {
    const step = row.ending === 'undone' ? lastGates.get(row.strategy) : undefined
    await row.prepare(lane)
    const { rollout, scenes } = await watched(lane, row, step)
    if (rollout.state.phase !== 'finished' || rollout.state.outcome !== row.ending)
      throw new Error(`undisturbed, it ended otherwise: ${JSON.stringify(rollout.state)}`)
    lastGates.set(row.strategy, lastGate(rollout.plan.steps))
    const end = await endStateOf(lane)
    scores.push({ row, scenes, steps: stepsOf(rollout), end, ...(step !== undefined && { step }) })
  }
  return scores
}

/** The same wherever nothing was left from before. */
export function stepsOf({ plan }: Rollout): readonly string[] {
  return plan.steps.map((step) => `${step.kind} ${'slots' in step ? step.slots.length : ''}`.trim())
}

async function watched(
  lane: Lane,
  row: Row,
  step: number | undefined,
): Promise<{ rollout: Rollout; scenes: Scene[] }> {
  const scenes: Scene[] = []
  const atMoment = async (told: Told) => {
    if (told.told !== 'moment') return
    const { entry, when, what } = told
    scenes.push({ at: { entry, when }, what, instances: await instancesOf(lane) })
  }
  const plot = { each: true, ...(step !== undefined && { step }) } as const
  const isStruck = () => scenes.some(({ at, what }) => what === 'close' && at.when === 'after')
  return { rollout: await play(lane, row, { plot, atMoment, isStruck }), scenes }
}

async function instancesOf(lane: Lane): Promise<Blow[]> {
  const { instances, rollout } = await lane.status()
  const partOf = partsOf(rollout)
  const running = instances.filter(({ state }) => state.kind === 'running')
  const parts = new Set(running.map(({ release }) => partOf(release)))
  return (['old instance', 'new instance'] as const).filter((each) => parts.has(each.slice(0, 3)))
}

/** After it everything has moved, and the old release can still take it back. */
function lastGate(steps: readonly StepData[]): number {
  return steps.findLastIndex(({ kind }) => kind === 'ask-gate')
}
