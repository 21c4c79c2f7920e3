import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { Problem } from '../../src/core/problem.ts'
import type { Rollout } from '../../src/core/rollout.ts'
import { until } from '../support/until.ts'
import { type EndState, endStateOf } from './end-state.ts'
import { isOver, type Lane } from './lane.ts'
import type { Plot, Told } from './plot.ts'
import type { Row } from './rows.ts'

const EACH_MS = 50
/** For a machine that has more to do than this. */
const LONGEST_MS = 180_000
const STRUCK_MS = 10_000
const SETTLED_MS = 30_000

/** What happens to a rollout: the plot of its controller, and what is done when that tells of a moment. */
export interface Disturbance {
  readonly plot: Plot
  readonly atMoment: (told: Told) => Promise<void>
  /** Before the next controller starts. */
  readonly afterDeath?: () => Promise<void>
  /** Whether all that was to be done to it was done. */
  readonly isStruck: () => boolean
}

/** Plays a rollout to its end, whoever dies; a controller that is gone is followed by the next one at once. */
export async function play(
  lane: Lane,
  { begin }: Row,
  { plot, atMoment, afterDeath = async () => undefined, isStruck }: Disturbance,
): Promise<Rollout> {
  const before = (await lane.lastRollout())?.id ?? 0
  const isNew = (rollout: Rollout | undefined) => rollout !== undefined && rollout.id > before
  const next: Plot = plot.step === undefined ? {} : { step: plot.step }
  const trouble = Promise.withResolvers<never>()
  lane.hear((told) => (told.told === 'step' ? abort(lane) : atMoment(told)).catch(trouble.reject))
  lane.controller.follow(plot)
  const played = async () => {
    await unlessGone(lane, begin(lane))
    let overAt: number | undefined
    const deadline = performance.now() + LONGEST_MS
    for (;;) {
      if (lane.controller.isGone) {
        await afterDeath()
        await lane.startController(next)
      }
      const last = await unlessGone(lane, lane.lastRollout())
      if (last && isNew(last) && isOver(last)) {
        overAt ??= performance.now()
        // It is over for everybody before the controller has told of its last moment.
        if (isStruck() || performance.now() > overAt + STRUCK_MS) return last
      }
      // It died before the rollout was written, and whoever wanted it was told so.
      if (!lane.controller.isGone && !isNew(last)) await unlessGone(lane, begin(lane))
      if (performance.now() > deadline) throw new Error(`not over: ${JSON.stringify(last?.state)}`)
      await sleep(EACH_MS)
    }
  }
  const rollout = await Promise.race([played(), trouble.promise])
  // What comes next is no part of this plot.
  lane.controller.follow({})
  return rollout
}

/** What is otherwise than in one of these states, once there was time to come there. */
export async function departures(lane: Lane, wanted: readonly EndState[]): Promise<string[]> {
  const isWanted = (state: EndState) => wanted.some((each) => isDeepStrictEqual(state, each))
  try {
    await until(async () => endStateOf(lane), isWanted, SETTLED_MS, EACH_MS)
    return []
  } catch (error) {
    const because = JSON.stringify((await lane.lastRollout())?.state)
    const wishes = wanted.map((each) => `wanted ${JSON.stringify(each)}`)
    return [[String(error), ...wishes, because, await lane.lastWords()].join('\n  ')]
  }
}

async function abort(lane: Lane): Promise<void> {
  const asked = async () =>
    lane.call('abort', { reason: 'the plot says so' }).then(
      () => true,
      (error: unknown) => {
        // The controller goes on with the rollout before its API answers.
        if (isMissing(error)) return false
        throw error
      },
    )
  await until(asked, (was) => was)
}

/** `undefined` when the controller died over it; resolves when it is gone for certain. */
async function unlessGone<T>(lane: Lane, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (!isMissing(error)) throw error
    await lane.controller.gone
    return undefined
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Problem && error.code === 'controller-missing'
}
