import { expect, it } from 'vitest'
import { oncePerEvent } from './once-per-event.ts'

it('says each step once, although the story is told again after a reconnection', () => {
  const isNew = oncePerEvent()
  const begun = { event: 'step', step: 0, state: 'begun', what: 'start 1 × v2' } as const
  const done = { ...begun, state: 'done' } as const
  expect([begun, done, begun, done, { ...done, step: 1 }].map(isNew)).toEqual([
    true,
    true,
    false,
    false,
    true,
  ])
})
