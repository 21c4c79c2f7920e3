import { ALL } from '../core/names.ts'
import type { StepData } from '../core/plan.ts'
import { positionOf } from '../core/position.ts'
import type { Problem, ProblemJson } from '../core/problem.ts'
import { asProblem } from './as-problem.ts'
import type { Controls } from './controls.ts'
import { doStep } from './do-step.ts'
import { finish } from './finish.ts'
import { mark } from './mark.ts'
import { rest } from './rest.ts'
import { undo } from './undo.ts'
import { stepFor, type Work } from './work.ts'

/**
 * Executes a rollout from wherever its journal says it stands: from the first step, or after a crash.
 * Resolves when it has ended, promoted or undone or stuck. Rejects only when this controller must let go of it
 * (it is being stopped, or another one has taken over); the journal then tells the next one where to go on.
 */
export async function run(work: Work): Promise<void> {
  const position = positionOf(await work.journal.read(work.rollout.id))
  if (position.phase === 'undoing') return undo(work, position.step, position.because)
  // A gate that held is asked again.
  if (position.paused !== undefined && !position.begun) work.controls.pause(position.paused)

  const steps = work.rollout.plan.steps
  for (let step = position.step; step < steps.length; step += 1) {
    const wasBegun = step === position.step && position.begun
    const because = (await between(work, step)) ?? (await perform(work, step, wasBegun))
    if (!because) continue
    await mark(work, { mark: 'turned', step, because })
    work.emit({ event: 'turned', because })
    return undo(work, step, because)
  }
  return finish(work, { outcome: 'promoted' })
}

/** A person's pause takes hold between two steps. */
async function between(work: Work, step: number): Promise<ProblemJson | undefined> {
  await rest(work, step)
  return ended(work.controls)?.toJSON()
}

/** Does one step; tells why when it must be turned back. */
async function perform(
  work: Work,
  index: number,
  wasBegun: boolean,
): Promise<ProblemJson | undefined> {
  const data = work.rollout.plan.steps[index]
  if (!data) return undefined
  const step = stepFor(work.steps, data)
  const what = step.describe(data)
  try {
    if (wasBegun && (await step.verify(data, work.world))) {
      await done(work, index, what, 'found in place')
      return undefined
    }
    await mark(work, { mark: 'begun', step: index })
    work.emit({ event: 'step', step: index, state: 'begun', what })
    const verdict = await doStep(work, index, data)
    // A look without a hold does not spend a promotion: the person meant the hold that comes.
    if (data.kind === 'ask-gate' && data.hold !== 0) work.controls.holdOver()
    if (verdict.kind === 'no') return verdict.problem.toJSON()
    if (movesAll(data, work)) work.controls.allMoved()
    await done(work, index, what, verdict.note)
    return undefined
  } catch (error) {
    work.controls.halted.throwIfAborted()
    const problem = ended(work.controls) ?? asProblem(error)
    if (problem.code === 'lease-lost') throw problem
    return problem.toJSON()
  }
}

/** From here on nothing but the bake is left to be watched. */
function movesAll(data: StepData, { rollout }: Work): boolean {
  return data.kind === 'shift-traffic' && data.to[rollout.plan.to] === ALL
}

/** Why a person or the judge ends it. */
function ended({ aborted, condemned }: Controls): Problem | undefined {
  const signal = [aborted, condemned].find((each) => each.aborted)
  return signal && asProblem(signal.reason)
}

async function done(work: Work, step: number, what: string, note?: string): Promise<void> {
  await mark(work, { mark: 'done', step, ...(note !== undefined && { note }) })
  work.emit({ event: 'step', step, state: 'done', what, ...(note !== undefined && { note }) })
}
