import { describe, expect, it } from 'vitest'
import { CheckPace, type Urgency } from './check-pace.ts'

const paceOf = (all: number, failing: number) =>
  new CheckPace({ all: () => all, failing: () => failing })

/** Runs so many checks that end with `over`, and tells which have begun. */
function runMany(pace: CheckPace, count: number, over: Promise<void> = Promise.resolve()) {
  const begun: number[] = []
  const check = (at: number, urgency: Urgency = 'in turn') =>
    pace.run(async () => {
      begun.push(at)
      await over
    }, urgency)
  const ended = Promise.all(Array.from({ length: count }, (_, at) => check(at)))
  return { begun, ended, check }
}

describe('the pace of all checks', () => {
  it('lets a few begin at once', async () => {
    const { begun, ended } = runMany(paceOf(20, 0), 20)
    await Promise.resolve()
    expect(begun).toHaveLength(20)
    await ended
  })

  it('spreads many over time, so that orders come through between them', async () => {
    const startedAt = performance.now()
    const { begun, ended } = runMany(paceOf(264, 0), 264)
    await Promise.resolve()
    expect(begun).toHaveLength(64)
    await ended
    // 200 more, 4 each 2 ms.
    expect(performance.now() - startedAt).toBeGreaterThan(90)
    expect(begun).toEqual(Array.from({ length: 264 }, (_, at) => at))
  })

  it('never has more than 64 running', async () => {
    const over = Promise.withResolvers<void>()
    const { begun, ended } = runMany(paceOf(100, 0), 100, over.promise)
    const ticked = performance.now() + 50
    while (performance.now() < ticked) await new Promise((resolve) => setImmediate(resolve))
    expect(begun).toHaveLength(64)
    over.resolve()
    await ended
    expect(begun).toHaveLength(100)
  })

  it('lets what is urgent go before all that only wait for their turn', async () => {
    const { begun, ended, check } = runMany(paceOf(200, 0), 200)
    const urgent = check(-1, 'soon')
    await Promise.all([ended, urgent])
    expect(begun.indexOf(-1)).toBe(64)
  })

  it('goes on after a check that throws', async () => {
    const pace = paceOf(1, 0)
    const failing = pace.run(async () => {
      throw new Error('no')
    }, 'soon')
    await expect(failing).rejects.toThrow('no')
    expect(await pace.run(async () => 'yes', 'soon')).toBe('yes')
  })

  it('stretches the interval where thousands share it, and for the few that never were up it does not', () => {
    const pace = paceOf(10_000, 3)
    expect(pace.everyMs(1_000, 'all')).toBe(20_000)
    expect(pace.everyMs(60_000, 'all')).toBe(60_000)
    expect(pace.everyMs(200, 'failing')).toBe(200)
  })
})
