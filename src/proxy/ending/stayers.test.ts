import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Stayers } from './stayers.ts'

const SPREAD_MS = 10_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** When each of them leaves, from the moment on when all these drain. */
function turnsOf(all: readonly Stayers[], each: number): readonly number[] {
  const turns: number[] = []
  const beganAtMs = performance.now()
  for (const stayers of all) {
    stayers.ending = { stayMs: 0, spreadMs: SPREAD_MS, reconnectsPerSecond: 0 }
    for (let count = 0; count < each; count += 1)
      stayers.add({ leave: () => void turns.push(performance.now() - beganAtMs) })
    stayers.drain()
  }
  vi.advanceTimersByTime(SPREAD_MS)
  return turns
}

it.each([1, 2, 5])(
  'workers with %d connections each do not close them together, nor all at the end',
  (each) => {
    const workers = Array.from({ length: 500 }, () => new Stayers())
    const turns = turnsOf(workers, each)
    expect(turns).toHaveLength(500 * each)
    for (let from = 0; from < 9000; from += 1500) {
      const share = turns.filter((at) => at >= from && at < from + 1500).length / turns.length
      expect(share).toBeGreaterThan(0.08)
      expect(share).toBeLessThan(0.27)
    }
    expect(Math.max(...turns)).toBeLessThanOrEqual(9000)
  },
)

it('one worker closes its connections one after the other, evenly', () => {
  const turns = turnsOf([new Stayers()], 100)
  for (const [at, each] of turns.entries()) expect(Math.abs(each - at * 90)).toBeLessThan(500)
})

it('all leave when the proxy ends, also where nothing says how, and on an instance that serves', () => {
  const stayers = new Stayers()
  const turns: number[] = []
  for (let count = 0; count < 100; count += 1)
    stayers.add({ leave: () => void turns.push(performance.now()) })
  const beganAtMs = performance.now()
  stayers.dismiss(SPREAD_MS)
  stayers.serve()
  vi.advanceTimersByTime(SPREAD_MS)
  expect(turns).toHaveLength(100)
  expect((turns.at(-1) ?? 0) - beganAtMs).toBeLessThanOrEqual(9000)
})

it('whoever comes when the turns have begun does not have to leave at once', () => {
  for (let times = 0; times < 50; times += 1) {
    const stayers = new Stayers()
    let hasLeft = false
    stayers.ending = { stayMs: 0, spreadMs: SPREAD_MS, reconnectsPerSecond: 0 }
    stayers.drain()
    stayers.add({ leave: () => (hasLeft = true) })
    vi.advanceTimersByTime(3000)
    expect(hasLeft).toBe(false)
    vi.advanceTimersByTime(SPREAD_MS)
    expect(hasLeft).toBe(true)
  }
})
