import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['1m30s', 90_000],
    ['1h0m5s7ms', 3_605_007],
    ['1d12h', 129_600_000],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', ' ', '30', 's', '30 s', '1.5s', '-1s', '30s1m', '1w', '30S', '99999999999999999h'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined()
    },
  )

  it.each([0, 1, 999, 1_000, 90_000, 3_600_000, 86_400_000, 93_784_005])(
    'of %d ms reads back as the same',
    (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms)
    },
  )

  it('is written as short as can be', () => {
    expect([0, 90_000, 3_600_000].map(formatDuration)).toEqual(['0s', '1m30s', '1h'])
  })
})
