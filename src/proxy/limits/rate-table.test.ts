import { describe, expect, it } from 'vitest'
import { RateTable } from './rate-table.ts'

function allowed(table: RateTable, key: string, tries: number, nowMs: number): number {
  let count = 0
  for (let each = 0; each < tries; each += 1) if (table.allows(key, nowMs)) count += 1
  return count
}

describe('a rate by key', () => {
  it('allows the burst at once, and then the rate', () => {
    const table = new RateTable(10, 5)
    expect(allowed(table, 'a', 20, 1000)).toBe(5)
    expect(allowed(table, 'a', 20, 1099)).toBe(0)
    expect(allowed(table, 'a', 20, 1101)).toBe(1)
    expect(allowed(table, 'a', 20, 1401)).toBe(3)
    expect(allowed(table, 'a', 20, 90_000)).toBe(5)
  })

  it('is not used up by what it refuses', () => {
    const table = new RateTable(1, 1)
    expect(allowed(table, 'a', 1, 0)).toBe(1)
    for (let ms = 10; ms < 1000; ms += 10) expect(table.allows('a', ms)).toBe(false)
    expect(table.allows('a', 1001)).toBe(true)
  })

  it('counts each key by itself, also when there are many', () => {
    const table = new RateTable(1, 3)
    for (let key = 0; key < 10_000; key += 1)
      expect(allowed(table, `203.0.${key}`, 5, 1000)).toBe(3)
  })

  it('forgets those that owe least when there are too many, and keeps no more memory for them', () => {
    const table = new RateTable(1, 100)
    expect(allowed(table, 'greedy', 200, 1000)).toBe(100)
    const before = process.memoryUsage()
    for (let key = 0; key < 300_000; key += 1) table.allows(`once ${key}`, 1000)
    const after = process.memoryUsage()
    expect(table.allows('greedy', 1000)).toBe(false)
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(1_000_000)
  })
})
