import { expect, it } from 'vitest'
import { fakeClock } from '../../test/support/fake-clock.ts'
import type { StepData } from '../core/plan.ts'
import type { Weights } from '../core/route.ts'
import { Controls } from './controls.ts'
import { undo } from './undo.ts'
import type { Work } from './work.ts'

const shift = (from: Weights, to: Weights): StepData => ({ kind: 'shift-traffic', from, to })
const [OLD, TENTH, HALF, NEW] = [
  { v1: 10_000 },
  { v1: 9_000, v2: 1_000 },
  { v1: 5_000, v2: 5_000 },
  { v2: 10_000 },
]

/** The weights after each thing that the way back of this plan does. */
async function wayBack(steps: readonly StepData[]): Promise<readonly Weights[]> {
  const seen: Weights[] = []
  const step = {
    describe: ({ kind }: StepData) => kind,
    undo: async (data: StepData) => void (data.kind === 'shift-traffic' && seen.push(data.from)),
  }
  const router = { read: async () => undefined }
  const exclusive = async (act: () => Promise<unknown>) => act()
  const work = {
    rollout: { id: 1, plan: { service: 'shop', from: 'v1', to: 'v2', steps } },
    steps: { 'shift-traffic': step, 'stop-instances': step },
    world: { service: 'shop', clock: fakeClock(), router, exclusive },
    journal: { append: async () => undefined },
    rollouts: { close: async () => undefined },
    records: {},
    controls: new Controls(),
    emit: () => undefined,
  } as unknown as Work
  await undo(work, steps.length - 1, { code: 'bad', message: '', hint: '', data: {} })
  return seen
}

it('gives the new release no traffic again once all of it is back', async () => {
  const steps = [shift(OLD, TENTH), shift(TENTH, HALF), shift(HALF, NEW)]
  expect(new Set(await wayBack(steps))).toEqual(new Set([OLD]))
})

it('walks back share by share where instances of the old release have left', async () => {
  const left: StepData = { kind: 'stop-instances', release: 'v1', slots: [0] }
  const steps = [shift(OLD, HALF), left, shift(HALF, NEW)]
  expect(await wayBack(steps)).toEqual([HALF, OLD])
})
