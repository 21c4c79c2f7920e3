import { expect, it } from 'vitest'
import { holdsFor } from './match.ts'

it('matches a pattern anywhere, without regard to case', () => {
  const holds = holdsFor({ kind: 'pattern', value: 'iphone|ipad' })
  expect(holds('Mozilla/5.0 (iPhone; CPU)')).toBe(true)
  expect(holds('Mozilla/5.0 (X11)')).toBe(false)
  expect(holds(undefined)).toBe(false)
})

it.each(['(a+)+$', '(a|a)*b', '(.*a){12}$', '.*.*.*.*x'])(
  'cannot be kept busy by a value that %s does not match',
  (value) => {
    const holds = holdsFor({ kind: 'pattern', value })
    const begun = performance.now()
    expect(holds(`${'a'.repeat(11)}${'!'.repeat(4000)}`)).toBe(false)
    expect(performance.now() - begun).toBeLessThan(500)
  },
)

it('matches no value that is longer than any sane one', () => {
  const holds = holdsFor({ kind: 'pattern', value: 'a' })
  expect(holds('a'.repeat(4096))).toBe(true)
  expect(holds('a'.repeat(4097))).toBe(false)
})

it.each(['(', '(?=a)b', '(a)\\1', 'a{2,1}'])('refuses the pattern %s', (value) => {
  expect(() => holdsFor({ kind: 'pattern', value })).toThrow()
})

it('tells present from absent, and empty from both', () => {
  expect(holdsFor({ kind: 'present' })('')).toBe(true)
  expect(holdsFor({ kind: 'present' })(undefined)).toBe(false)
  expect(holdsFor({ kind: 'prefix', value: '' })(undefined)).toBe(false)
  expect(holdsFor({ kind: 'exact', value: '' })('')).toBe(true)
})
