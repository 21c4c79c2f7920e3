import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EVEN } from './candidate.ts'
import { slowStart } from './slow-start.ts'
import { Warming } from './warming.ts'

describe('the share of an instance that became ready', () => {
  it.each([
    [0, 0.1],
    [2_500, 0.325],
    [5_000, 0.55],
    [9_999, 0.99991],
    [10_000, 1],
    [99_999, 1],
  ])('is after %d ms of 10 s: %d', (ageMs, share) => {
    expect(slowStart(500, 500 + ageMs, 10_000)).toBeCloseTo(share, 6)
  })

  it('is whole at once without slow start', () => {
    expect(slowStart(500, 500, 0)).toBe(1)
  })
})

describe('warming up', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())
  const at = (ms: number) => vi.advanceTimersByTime(ms - performance.now())

  it('matters while some instances are warm and others not', () => {
    at(1_000)
    const warming = new Warming([500, 2_000])
    expect(warming.nowMs()).toBe(1_000)
    at(1_999)
    expect(warming.nowMs()).toBe(1_999)
  })

  it('does not matter when all are new, as after a switch to a new release', () => {
    at(1_000)
    expect(new Warming([2_000, 2_001, 2_002]).nowMs()).toBe(EVEN)
  })

  it('does not matter any more when all are warm', () => {
    at(1_000)
    const warming = new Warming([500, 2_000])
    at(2_000)
    expect(warming.nowMs()).toBe(EVEN)
  })
})
