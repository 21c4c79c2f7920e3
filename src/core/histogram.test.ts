import { describe, expect, it } from 'vitest'
import { BUCKETS, bucketOf, mergedOf, msOf, percentileOf, sizeOf } from './histogram.ts'

describe('a histogram of times', () => {
  it('tells every time from 0.07 ms to two minutes within six percent', () => {
    for (let ms = 0.07; ms < 130_000; ms *= 1.003) {
      expect(Math.abs(msOf(bucketOf(ms)) - ms) / ms).toBeLessThanOrEqual(0.06)
    }
  })

  it('puts a longer time never into an earlier bucket, and leaves out none', () => {
    const seen = new Set<number>()
    let last = 0
    for (let units = 0; units < 2 ** 24; units += Math.max(1, Math.floor(units / 64))) {
      const bucket = bucketOf(units / 128)
      expect(bucket).toBeGreaterThanOrEqual(last)
      last = bucket
      seen.add(bucket)
    }
    expect(seen.size).toBe(BUCKETS)
  })

  it.each([-1, 0, Number.MIN_VALUE])('puts %d ms into the first bucket', (ms) => {
    expect(bucketOf(ms)).toBe(0)
  })

  it.each([131_072, 5e9, Infinity])('puts %d ms into the last bucket', (ms) => {
    expect(bucketOf(ms)).toBe(BUCKETS - 1)
  })

  it('finds the percentiles of all that was merged', () => {
    const fast = [bucketOf(1), 98]
    const slow = [bucketOf(1), 1, bucketOf(500), 1]
    const all = mergedOf([fast, slow])
    expect(sizeOf(all)).toBe(100)
    expect(percentileOf(all, 0.5)).toBe(msOf(bucketOf(1)))
    expect(percentileOf(all, 0.99)).toBe(msOf(bucketOf(1)))
    expect(percentileOf(all, 1)).toBe(msOf(bucketOf(500)))
  })

  it('has no percentile when it is empty', () => {
    expect(percentileOf([], 0.5)).toBeUndefined()
  })
})
