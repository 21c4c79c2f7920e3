import { expect, it } from 'vitest'
import { addressRanges, plainAddress } from './address-ranges.ts'

it('finds an address in a range of its kind, and no other', () => {
  const inRanges = addressRanges(['192.0.2.0/24', '2001:db8::/32'])
  expect(inRanges('192.0.2.255')).toBe(true)
  expect(inRanges('192.0.3.0')).toBe(false)
  expect(inRanges('2001:db8:ffff::1')).toBe(true)
  expect(inRanges('2001:db9::1')).toBe(false)
})

it('takes a single address for a range of one', () => {
  const inRanges = addressRanges(['192.0.2.7', '::1'])
  expect(inRanges('192.0.2.7')).toBe(true)
  expect(inRanges('192.0.2.8')).toBe(false)
  expect(inRanges('::1')).toBe(true)
})

it('knows an IPv4 address that is mapped into IPv6, in the range and in the question', () => {
  expect(addressRanges(['192.0.2.0/24'])('::ffff:192.0.2.9')).toBe(true)
  expect(addressRanges(['192.0.2.0/24'])('::FFFF:c000:0209')).toBe(true)
  expect(addressRanges(['::ffff:192.0.2.0/120'])('192.0.2.9')).toBe(true)
  expect(addressRanges(['::ffff:192.0.2.0/120'])('192.0.3.9')).toBe(false)
})

it('reads the whole of a family', () => {
  expect(addressRanges(['0.0.0.0/0'])('203.0.113.1')).toBe(true)
  expect(addressRanges(['0.0.0.0/0'])('2001:db8::1')).toBe(false)
})

it('finds nothing that is no address', () => {
  expect(addressRanges(['0.0.0.0/0'])('unknown')).toBe(false)
})

it.each([
  '192.0.2.0/33',
  '192.0.2.0/',
  '192.0.2.0/-1',
  '192.0.2/24',
  'here',
  '::1/129',
  '1.2.3.4/8/8',
])('refuses %s by its name', (range) => {
  expect(() => addressRanges([range])).toThrow(`"${range}" is not an address range`)
})

it('writes a mapped address as itself', () => {
  expect(plainAddress('::ffff:192.0.2.9')).toBe('192.0.2.9')
  expect(plainAddress('::1')).toBe('::1')
})
