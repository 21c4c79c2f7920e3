import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { unlessClosed } from './unless-closed.ts'

it('finds nothing of a process that is gone, and hides no other fault', () => {
  expect(unlessClosed(() => 'here')).toBe('here')
  expect(unlessClosed(() => readFileSync('/proc/0/stat'))).toBeUndefined()
  expect(() => unlessClosed(() => readFileSync('/'))).toThrow('EISDIR')
})
