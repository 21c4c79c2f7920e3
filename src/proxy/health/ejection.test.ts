import { describe, expect, it } from 'vitest'
import type { OutlierSpec } from '../../core/balance.ts'
import { type Ejection, nextEjection } from './ejection.ts'
import { Flapping } from './flapping.ts'
import { mayEject, type Other } from './may-eject.ts'

const SPEC: OutlierSpec = {
  consecutive: 5,
  share: 5_000,
  requests: 20,
  intervalMs: 10_000,
  ejectMs: 30_000,
  mostMs: 100_000,
  ejected: 5_000,
}

/** How long each of these ejections is: so many milliseconds after the end of the one before. */
function lengths(calmMs: readonly number[]): number[] {
  let last: Ejection | undefined
  let nowMs = 1_000_000
  return calmMs.map((calm) => {
    nowMs = (last?.untilMs ?? nowMs) + calm
    last = nextEjection(last, 'fails', nowMs, SPEC)
    return last.untilMs - nowMs
  })
}

describe('an ejection', () => {
  it('is longer each time it follows another, up to the most', () => {
    expect(lengths([0, 0, 0, 0, 0])).toEqual([30_000, 60_000, 90_000, 100_000, 100_000])
  })

  it('is shorter again for the time that went well', () => {
    expect(lengths([0, 0, 29_999])).toEqual([30_000, 60_000, 90_000])
    expect(lengths([0, 0, 30_000])).toEqual([30_000, 60_000, 60_000])
    expect(lengths([0, 0, 90_000])).toEqual([30_000, 60_000, 30_000])
  })

  it('is not the longer for all that lies beyond the most', () => {
    const many = Array.from({ length: 50 }, () => 0)
    expect(lengths([...many, 4 * 30_000]).at(-1)).toBe(30_000)
  })
})

describe('another instance may be ejected', () => {
  const up: Other = { health: 'up' }
  const down: Other = { health: 'down' }
  const fresh: Other = { health: 'unproven' }
  const out: Other = { health: 'up', ejected: { reason: 'fails', untilMs: 1 } }

  it.each([
    ['the only one', [], false],
    ['one of two', [up], true],
    ['the second of two', [out], false],
    ['one of two when the other is down', [down], false],
    ['one of two when the other is not ready yet', [fresh], false],
    ['the second of four', [out, up, up], true],
    ['the third of four', [out, out, up], false],
    ['the second of three, though that is more than half', [out, up], false],
    ['one of four when two are down', [up, down, down], true],
  ])('%s: %j → %s', (_, others, may) => {
    expect(mayEject(others, SPEC)).toBe(may)
  })

  it('is one at least, however small the largest share', () => {
    const spec = { ...SPEC, ejected: 1 }
    expect(mayEject([up], spec)).toBe(true)
    expect(mayEject([out, up, up], spec)).toBe(false)
  })

  it('is never the last that takes traffic, however large the share', () => {
    const spec = { ...SPEC, ejected: 10_000 }
    expect(mayEject([out, up], spec)).toBe(true)
    expect(mayEject([out, out], spec)).toBe(false)
  })
})

describe('flapping', () => {
  it('is to go down for the third time within the time looked at', () => {
    const flapping = new Flapping()
    expect(flapping.down(0, 10_000)).toBeUndefined()
    expect(flapping.down(9_000, 10_000)).toBeUndefined()
    expect(flapping.down(11_000, 10_000)).toBeUndefined()
    expect(flapping.down(12_000, 10_000)).toBe('went down 3 times within 3 s')
  })
})
