import { expect, it } from 'vitest'
import type { Plan } from '../core/plan.ts'
import { keepOld } from './keep-old.ts'

const plan: Plan = {
  service: 'shop',
  strategy: 'rolling',
  from: 'v1',
  to: 'v2',
  steps: [
    { kind: 'drain', release: 'v0', slots: [0] },
    { kind: 'stop-instances', release: 'v0', slots: [0] },
    { kind: 'start-instances', release: 'v2', slots: [0] },
    { kind: 'drain', release: 'v1', slots: [0] },
    { kind: 'stop-instances', release: 'v1', slots: [0] },
  ],
}

it('leaves out only the steps that end the release that serves, and keeps it warm', () => {
  const { steps, keeps } = keepOld(plan)
  expect(steps.map((step) => `${step.kind} ${'release' in step ? step.release : ''}`)).toEqual([
    'drain v0',
    'stop-instances v0',
    'start-instances v2',
  ])
  expect(keeps).toEqual({ release: 'v1', warmMs: 0 })
})

it('keeps as long as the plan does where it keeps it already', () => {
  const keeps = { release: 'v1', warmMs: 60_000 }
  expect(keepOld({ ...plan, keeps }).keeps).toEqual(keeps)
})

it('leaves a first release as it is', () => {
  const { from: _, ...first } = plan
  expect(keepOld(first)).toBe(first)
})
