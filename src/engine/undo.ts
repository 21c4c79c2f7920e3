import type { ProblemJson } from '../core/problem.ts'
import type { StepData } from '../core/plan.ts'
import { Problem } from '../core/problem.ts'
import { asProblem } from './as-problem.ts'
import { finish } from './finish.ts'
import { mark } from './mark.ts'
import { stepFor, type Work } from './work.ts'

type Shift = Extract<StepData, { kind: 'shift-traffic' }>

const TRIES = 3
const AGAIN_MS = 1_000

/** Walks the done and begun steps backwards. A step that cannot be undone leaves the rollout stuck, and says so. */
export async function undo(work: Work, from: number, because: ProblemJson): Promise<void> {
  const back = await retreat(work, from)
  for (let step = from; step >= 0; step -= 1) {
    const stuck = await undoOne(work, step, because, back)
    if (stuck) return finish(work, { outcome: 'stuck', because: stuck })
  }
  return finish(work, { outcome: 'undone', because })
}

/**
 * Takes the traffic back first, where all of the old release still serves: to walk back step by step may take a while, and
 * meanwhile users would meet what is bad. Resolves with the shift that was taken back; a retreat that fails is left to the walk.
 */
async function retreat(work: Work, from: number): Promise<Shift | undefined> {
  const { plan } = work.rollout
  const begun = plan.steps.slice(0, from + 1)
  const hasLeft = begun.some(
    (data) => 'slots' in data && isLeaving(data) && data.release === plan.from,
  )
  const first = begun.find((data) => data.kind === 'shift-traffic')
  if (!first || hasLeft || plan.from === undefined) return undefined
  try {
    await work.steps['shift-traffic'].undo(first, work.world, { signal: work.controls.halted })
    return first
  } catch (error) {
    work.controls.halted.throwIfAborted()
    work.emit({ event: 'progress', step: from, note: asProblem(error).message })
    return undefined
  }
}

function isLeaving({ kind }: StepData): boolean {
  return kind === 'drain' || kind === 'stop-instances'
}

async function undoOne(
  work: Work,
  index: number,
  because: ProblemJson,
  back: Shift | undefined,
): Promise<ProblemJson | undefined> {
  const planned = work.rollout.plan.steps[index]
  if (!planned) return undefined
  const step = stepFor(work.steps, planned)
  const what = step.describe(planned)
  // Traffic that is back stays there: a later shift came from a share that the new release must not get again.
  const data = back && planned.kind === 'shift-traffic' ? back : planned
  await mark(work, { mark: 'undo-begun', step: index })
  work.emit({ event: 'step', step: index, state: 'undoing', what })
  const failure = await attempts(work, async () =>
    step.undo(data, work.world, {
      signal: work.controls.halted,
      report: (note) => {
        work.emit({ event: 'progress', step: index, note })
      },
    }),
  )
  if (failure) return stuckAt(what, failure, because)
  await mark(work, { mark: 'undone', step: index })
  work.emit({ event: 'step', step: index, state: 'undone', what })
  return undefined
}

async function attempts(work: Work, act: () => Promise<void>): Promise<Problem | undefined> {
  for (let left = TRIES; ; left -= 1) {
    try {
      await act()
      return undefined
    } catch (error) {
      work.controls.halted.throwIfAborted()
      if (left <= 1) return asProblem(error)
      await work.world.clock.sleep(AGAIN_MS, { signal: work.controls.halted })
    }
  }
}

function stuckAt(what: string, failure: Problem, because: ProblemJson): ProblemJson {
  return new Problem('undo-failed', {
    message: `"${what}" could not be undone after ${TRIES} tries: ${failure.message}. It was to be undone because ${because.message}`,
    hint: `${failure.hint} Then \`midflight rollback\` or \`midflight deploy\` clears the rest away.`,
    data: { because, failure: failure.toJSON() },
  }).toJSON()
}
