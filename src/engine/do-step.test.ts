import { describe, expect, it } from 'vitest'
import { scriptedWorld } from '../../test/support/scripted-world.ts'
import type { Verdict } from '../core/gate.ts'
import type { JournalMark } from '../core/journal.ts'
import type { PassGate } from '../core/plan.ts'
import { Problem } from '../core/problem.ts'
import type { Step } from '../core/step.ts'
import { steps } from '../steps/all.ts'
import { Controls } from './controls.ts'
import { doStep } from './do-step.ts'
import type { Work } from './work.ts'

const data: PassGate = {
  kind: 'pass-gate',
  release: 'v2',
  gate: 'ci',
  asks: 'webhook',
  moment: 'before 25%',
}
const held: Verdict = { kind: 'hold', reason: 'ci gave no answer' }

/** A rollout whose step comes to one verdict after the other, and what its journal says. */
function workOf(verdicts: readonly Verdict[], onPause: (controls: Controls) => void = () => {}) {
  const controls = new Controls()
  const marks: string[] = []
  let done = 0
  const step: Step = {
    ...steps['pass-gate'],
    do: async () => verdicts[Math.min(done++, verdicts.length - 1)] ?? { kind: 'yes' },
  }
  const work = {
    rollout: { id: 1 },
    world: scriptedWorld([{}]),
    steps: { ...steps, 'pass-gate': step },
    journal: {
      append: async (_: number, { mark }: JournalMark) => {
        marks.push(mark)
        if (mark === 'paused') setImmediate(() => onPause(controls))
      },
    },
    controls,
    emit: () => undefined,
  } as unknown as Work
  return { work, controls, marks, times: () => done }
}

describe('a step that holds', () => {
  it('pauses the rollout, and is done again when a person resumes', async () => {
    const { work, marks, times } = workOf([held, { kind: 'yes', note: 'well' }], (controls) =>
      controls.resume(),
    )
    expect(await doStep(work, 3, data)).toEqual({ kind: 'yes', note: 'well' })
    expect({ marks, times: times() }).toEqual({ marks: ['paused', 'resumed'], times: 2 })
  })

  it('counts as a yes when a person promotes, and spends the promotion', async () => {
    const { work, controls, times } = workOf([held], (each) => each.promote())
    expect(await doStep(work, 3, data)).toEqual({
      kind: 'yes',
      note: 'promoted by a person although ci gave no answer',
    })
    expect({ times: times(), hurried: controls.hurried.aborted }).toEqual({
      times: 1,
      hurried: false,
    })
  })

  it('is not passed by a promotion from before it held', async () => {
    const { work, controls, times } = workOf([held, { kind: 'yes' }], (each) => each.resume())
    controls.promote()
    expect(await doStep(work, 3, data)).toEqual({ kind: 'yes' })
    expect(times()).toBe(2)
  })

  it('is done again by itself when it named a moment', async () => {
    const { work } = workOf([])
    const begun = work.world.clock.now()
    const later: Verdict = { kind: 'hold', reason: 'frozen', untilMs: begun + 86_400_000 }
    const frozen = workOf([later, later, { kind: 'yes' }])
    expect(await doStep({ ...frozen.work, world: work.world }, 3, data)).toEqual({ kind: 'yes' })
    expect(work.world.clock.now() - begun).toBe(86_400_000)
  })

  it('ends with the reason of an abort or of the judge', async () => {
    const aborted = workOf([held], (controls) => controls.abort('wrong colour'))
    await expect(doStep(aborted.work, 3, data)).rejects.toThrow('wrong colour')
    const worse = new Problem('release-worse', { message: 'v2 is worse', hint: 'h' })
    const condemned = workOf([held], (controls) => controls.condemn(worse))
    await expect(doStep(condemned.work, 3, data)).rejects.toBe(worse)
  })

  it('is left as it is when the controller stops', async () => {
    const { work, marks } = workOf([held], (controls) => controls.halt())
    await expect(doStep(work, 3, data)).rejects.toMatchObject({ code: 'controller-stopped' })
    expect(marks).toEqual(['paused'])
  })
})
