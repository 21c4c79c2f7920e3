import { expect, it } from 'vitest'
import { isPrivate } from './is-private.ts'

it('knows the addresses of no public network, however they are written', () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '::1',
    'fd00::1',
    '::ffff:10.0.0.1',
  ])
    expect(isPrivate(address)).toBe(true)
  for (const address of ['192.0.2.1', '172.32.0.1', '8.8.8.8', '2001:db8::1', 'unknown'])
    expect(isPrivate(address)).toBe(false)
})
