import { describe, expect, it } from 'vitest'
import { seeded } from '../lib/seeded.ts'
import { Growth } from './growth.ts'

/** A process whose memory is this, in megabytes, at each second of its life. */
function lived(seconds: number, megabytes: (second: number, noise: number) => number): Growth {
  const random = seeded(5)
  const growth = new Growth()
  for (let at = 0; at < seconds; at += 1)
    growth.add({ value: megabytes(at, random()), ageMs: at * 1000 })
  return growth
}

describe('a growth', () => {
  it('is told by its speed, however uneven its steps are', () => {
    const steady = lived(60, (at, noise) => 80 + 5 * at + 8 * noise)
    expect(steady.perSecond).toBeCloseTo(5, 0)
    const bySteps = lived(60, (at) => 80 + 20 * Math.floor(at / 4))
    expect(bySteps.perSecond).toBeCloseTo(5, 0)
  })

  it('is none where the value only goes up and down', () => {
    expect(lived(120, (_, noise) => 80 + 40 * noise).perSecond).toBe(0)
    expect(lived(120, (at) => 80 + 30 * ((at % 10) / 10)).perSecond).toBe(0)
  })

  it('is none while a process starts, and none that comes to its end', () => {
    expect(lived(14, (at) => 80 + 10 * at).perSecond).toBe(0)
    expect(lived(120, (at) => 200 - 120 * Math.exp(-at / 20)).perSecond).toBe(0)
  })

  it('is told of a long life as of a short one', () => {
    expect(lived(900, (at, noise) => 80 + 0.5 * at + 8 * noise).perSecond).toBeCloseTo(0.5, 1)
  })
})
