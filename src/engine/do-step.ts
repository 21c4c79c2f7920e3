import type { Verdict } from '../core/gate.ts'
import type { StepData } from '../core/plan.ts'
import type { StepOptions } from '../core/step.ts'
import { rest } from './rest.ts'
import { stepFor, type Work } from './work.ts'

/** A timer of a day would sleep through a clock that is set. */
const LOOK_MS = 60_000

type Hold = Extract<Verdict, { kind: 'hold' }>

/**
 * Does a step. One that holds pauses the rollout: resumed it is done again, promoted it counts as a yes. Rejects with
 * the reason when the rollout is aborted, condemned or let go of meanwhile.
 */
export async function doStep(
  work: Work,
  index: number,
  data: StepData,
): Promise<Exclude<Verdict, Hold>> {
  const { controls } = work
  if (isApproval(data)) controls.holdOver()
  for (;;) {
    const verdict = await stepFor(work.steps, data).do(data, work.world, optionsFor(work, index))
    if (isApproval(data)) controls.holdOver()
    if (verdict.kind !== 'hold') return verdict
    // A promotion from before this hold was meant for another one.
    controls.holdOver()
    await restFor(verdict, work, index)
    controls.aborted.throwIfAborted()
    controls.condemned.throwIfAborted()
    if (!controls.hurried.aborted) continue
    controls.holdOver()
    return { kind: 'yes', note: `promoted by a person although ${verdict.reason}` }
  }
}

/** Each is promoted on its own: not by a promotion that came before its question, and not together with the next one. */
function isApproval(data: StepData): boolean {
  return data.kind === 'pass-gate' && data.asks === 'approval'
}

async function restFor({ reason, untilMs }: Hold, work: Work, index: number): Promise<void> {
  const over = new AbortController()
  work.controls.pause(reason)
  const waking = untilMs === undefined ? undefined : wake(work, untilMs, over.signal)
  try {
    await rest(work, index)
  } finally {
    over.abort()
    await waking
  }
}

/** Resumes by itself, when it is time. */
async function wake(
  { world, controls }: Work,
  untilMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = world
  while (!signal.aborted && clock.now() < untilMs) {
    const left = Math.min(LOOK_MS, untilMs - clock.now())
    await clock.sleep(left, { signal }).catch(() => signal.aborted)
  }
  if (!signal.aborted) controls.resume()
}

function optionsFor(work: Work, step: number): StepOptions {
  const { aborted, condemned, halted, hurried } = work.controls
  return {
    signal: AbortSignal.any([aborted, condemned, halted]),
    hurry: hurried,
    report: (note) => {
      work.emit({ event: 'progress', step, note })
    },
  }
}
