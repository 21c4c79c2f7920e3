import { expect, it } from 'vitest'
import type { ServiceSpec } from '../core/service.ts'
import { withStrategy } from './with-strategy.ts'

const gate = { errors: 0.01, minRequests: 5 }
const spec = {
  rollout: { strategy: 'rolling', batch: 3, surge: 1, gate, bakeMs: 7 },
} as unknown as ServiceSpec

it('takes another strategy with its defaults and keeps the gate', () => {
  const { rollout } = withStrategy(spec, 'blue-green')
  expect(rollout).toEqual({ strategy: 'blue-green', warmMs: 3_600_000, gate, bakeMs: 7 })
})

it('asks whom the file asks: another strategy is no way around a freeze', () => {
  const gates = [{ name: 'freeze' }]
  const judge = { alpha: 0.01 }
  const asking = { rollout: { ...spec.rollout, gates, judge } } as unknown as ServiceSpec
  expect(withStrategy(asking, 'canary').rollout).toMatchObject({ gates, judge })
})

it('keeps the settings of the file when it is the same strategy', () => {
  expect(withStrategy(spec, 'rolling')).toBe(spec)
})

it('names the strategies there are', () => {
  expect(() => withStrategy(spec, 'big-bang')).toThrow(
    expect.objectContaining({
      code: 'strategy-unknown',
      hint: 'Use one of: rolling, blue-green, canary',
    }),
  )
})
