import { describe, expect, it } from 'vitest'
import type { OutlierSpec } from '../../core/balance.ts'
import { OutlierWatch } from './outlier-watch.ts'

const SPEC: OutlierSpec = {
  consecutive: 3,
  share: 5_000,
  requests: 10,
  intervalMs: 1_000,
  ejectMs: 1_000,
  mostMs: 10_000,
  ejected: 5_000,
}

/** A watch that has counted these, all at one time. */
function after(statuses: readonly number[], nowMs = 0): OutlierWatch {
  const watch = new OutlierWatch(SPEC)
  for (const status of statuses) watch.count(status, nowMs)
  return watch
}

function repeated(statuses: readonly number[], times: number): number[] {
  return Array.from({ length: times }, () => statuses).flat()
}

describe('an outlier', () => {
  it('is seen by failures in a row, and not by one less', () => {
    const watch = after([500, 503])
    expect(watch.count(0, 0)).toBe('in-a-row')
    expect(watch.inWords('in-a-row')).toBe(
      '3 requests in a row failed, the last one got no whole answer',
    )
  })

  it('is not seen by failures between which one succeeds', () => {
    const watch = after([500, 500, 200, 500])
    expect(watch.count(500, 0)).toBeUndefined()
    expect(watch.count(503, 0)).toBe('in-a-row')
    expect(watch.inWords('in-a-row')).toContain('was answered 503')
  })

  it.each([101, 200, 304, 400, 404, 429, 499])('never fails with %d', (status) => {
    const watch = after(repeated([status], 50))
    expect(watch.count(status, 0)).toBeUndefined()
  })

  it('is seen by its share of failures, once there were enough requests', () => {
    const watch = after(repeated([200, 500], 4))
    expect(watch.count(200, 0)).toBeUndefined()
    expect(watch.count(500, 0)).toBe('share')
    expect(watch.inWords('share')).toBe('5 of 10 requests failed within 1000 ms')
  })

  it('is not seen by a share of failures over longer than the interval', () => {
    const watch = after(repeated([200, 500], 4))
    expect(watch.count(200, 1_000)).toBeUndefined()
    expect(watch.count(500, 1_000)).toBeUndefined()
  })

  it('has a clean sheet once it was told of', () => {
    const watch = after([500, 500, 500])
    watch.forget()
    expect(watch.count(500, 0)).toBeUndefined()
    expect(watch.count(500, 0)).toBeUndefined()
    expect(watch.count(500, 0)).toBe('in-a-row')
  })
})

describe('another instance', () => {
  const failing = after(repeated([200, 500], 10))

  it.each([
    ['had no request yet', [], true],
    ['answered well the last time', [500, 200, 200, 200, 200], true],
    ['failed the last time too', [200, 200, 200, 200, 500], false],
    ['answered well the last time, and else fails as often', [500, 500, 200], false],
  ])('is better than one that fails in a row when it %s: %s → %s', (_, statuses, better) => {
    expect(after(statuses).betterThan(failing, 'in-a-row', 0)).toBe(better)
  })

  it.each([
    ['had no request yet', [], true],
    ['fails half as often', repeated([200, 200, 200, 500], 5), true],
    ['fails nearly as often', repeated([200, 200, 500], 5), false],
  ])('is better than one that fails often when it %s: %s → %s', (_, statuses, better) => {
    expect(after(statuses).betterThan(failing, 'share', 0)).toBe(better)
  })

  it('is compared by what came lately, not by what was long ago', () => {
    const once = after(repeated([500], 20))
    expect(once.betterThan(failing, 'share', 500)).toBe(false)
    expect(once.betterThan(after(repeated([200, 500], 10), 1_900), 'share', 2_000)).toBe(true)
  })
})
