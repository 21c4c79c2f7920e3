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
