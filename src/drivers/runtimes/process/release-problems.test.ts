import { expect, it } from 'vitest'
import { aReleaseIn } from '../../../../test/support/a-release.ts'
import { Problem } from '../../../core/problem.ts'
import { problemOf } from './release-problems.ts'

const release = aReleaseIn('/srv/shop', { service: 'shop', run: 'node server.js' })
const failed = (code: string) => Object.assign(new Error(code), { code, path: '/srv/shop/data' })

it.each([
  ['ENOSPC', 'disk-full', '/srv/shop'],
  ['EDQUOT', 'disk-full', '/srv/shop'],
  ['EROFS', 'disk-read-only', '/srv/shop/data'],
  ['EACCES', 'directory-unreadable', '/srv/shop/data'],
  ['ENOENT', 'directory-changed', '/srv/shop/data'],
])('says in words what %s means: %s', (code, problem, path) => {
  expect(problemOf(failed(code), release)).toMatchObject({
    code: problem,
    message: expect.stringContaining(path),
    hint: expect.stringMatching(/\w/),
    cause: { code },
  })
})

it('passes on what it does not know, and what is a problem already', () => {
  const [strange, told] = [failed('EIO'), new Problem('build-failed', { message: '', hint: '' })]
  expect(problemOf(strange, release)).toBe(strange)
  expect(problemOf(told, release)).toBe(told)
})
