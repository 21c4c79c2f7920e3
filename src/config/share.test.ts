import { describe, expect, it } from 'vitest'
import { formatShare, parseShare } from './share.ts'

describe('a share', () => {
  it.each([
    ['5%', 500],
    ['0.01%', 1],
    ['12.5%', 1_250],
    ['0%', 0],
    ['100%', 10_000],
    ['100.00 %', 10_000],
  ])('%s is %d basis points', (text, share) => {
    expect(parseShare(text)).toBe(share)
  })

  it.each(['5', '0.001%', '101%', '100.01%', '-1%', '%', '.5%', '1,5%', 'half'])(
    '%j is none',
    (text) => {
      expect(parseShare(text)).toBeUndefined()
    },
  )

  it('reads back as the same', () => {
    for (const share of [0, 1, 29, 500, 1_250, 5_700, 9_999, 10_000])
      expect(parseShare(formatShare(share))).toBe(share)
  })
})
