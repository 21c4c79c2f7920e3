import { describe, expect, it } from 'vitest'
import { formatSize, parseSize } from './size.ts'

describe('a size', () => {
  it.each([
    ['32KiB', 32_768],
    ['64 MiB', 67_108_864],
    ['1GiB', 1_073_741_824],
    ['5kB', 5_000],
    ['2MB', 2_000_000],
    ['100B', 100],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each(['32', '32K', 'KiB', '1.5GiB', '-1B', '32kib', '', '1 constructor', '99999999999GiB'])(
    '%j is none',
    (text) => {
      expect(parseSize(text)).toBeUndefined()
    },
  )

  it('reads back as the same', () => {
    for (const bytes of [0, 1, 1_000, 65_536, 2 ** 30, 3 * 2 ** 20])
      expect(parseSize(formatSize(bytes))).toBe(bytes)
  })
})
