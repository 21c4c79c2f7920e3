import { expect, it } from 'vitest'
import type { Plan, StepData } from './plan.ts'
import { withoutTraffic } from './without-traffic.ts'

const gate = { errors: 0.05, minRequests: 20 }
const ask = {
  kind: 'pass-gate',
  release: 'v2',
  gate: 'queue',
  asks: 'command',
  moment: 'during 100%',
} as const
const steps: readonly StepData[] = [
  { kind: 'start-instances', release: 'v2', slots: [0] },
  { kind: 'wait-until-ready', release: 'v2', slots: [0] },
  { kind: 'shift-traffic', from: { v1: 10_000 }, to: { v2: 10_000 } },
  { kind: 'drain', release: 'v1', slots: [0] },
  { kind: 'stop-instances', release: 'v1', slots: [0] },
  { kind: 'ask-gate', release: 'v2', slots: [0], hold: 10_000, gate, during: [ask] },
]

it('a worker has nothing to shift and nothing to drain, and is judged by its growth alone', () => {
  const judge = {
    alpha: 0.001,
    errors: true,
    refusals: true,
    latency: 0.95,
    memory: true,
    early: true,
    inconclusive: 'hold',
  } as unknown as NonNullable<Plan['judge']>
  const plan: Plan = { service: 'mailer', strategy: 'rolling', from: 'v1', to: 'v2', steps, judge }
  expect(withoutTraffic(plan)).toEqual({
    service: 'mailer',
    strategy: 'rolling',
    from: 'v1',
    to: 'v2',
    judge: {
      alpha: 0.001,
      errors: false,
      refusals: false,
      memory: true,
      early: false,
      inconclusive: 'go-on',
    },
    steps: [
      steps[0],
      steps[1],
      steps[4],
      { kind: 'watch-instances', release: 'v2', slots: [0], hold: 10_000 },
      ask,
    ],
  })
})
