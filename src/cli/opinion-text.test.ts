import { expect, it } from 'vitest'
import { opinionText } from './opinion-text.ts'

it('tells of crashes among how many instances', () => {
  const grounds = {
    metric: 'crashes',
    candidate: { answers: 10, incidents: 6 },
    stable: { answers: 90, incidents: 1 },
    evidence: 30_000.5,
  } as const
  expect(opinionText({ verdict: 'bad', grounds })).toBe(
    'worse: the new release’s 10 instances ended 6 times by themselves, the old one’s 90 instances ended once by themselves; evidence 30,000',
  )
})

it('says that a balancer may be in front when many errors are all of one user', () => {
  const candidate = { answers: 400, incidents: 40 }
  const text = (users: number) =>
    opinionText({ verdict: 'undecided', candidate, few: { incidents: 40, users } })
  expect(text(1)).toBe(
    'undecided: 40 errors, all of one user; if a balancer is in front, name it in clients.trust: its users are one as long as it is not',
  )
  expect(text(2)).toContain('all of two users')
})

it('tells of growth with what the old release is compared by', () => {
  const grounds = {
    metric: 'lag',
    instance: 'shop.v2.0',
    perSecond: 6.04,
    now: 340,
    fullInMs: 1_100_000,
  } as const
  const text = (when: 'now' | 'same-age') =>
    opinionText({ verdict: 'bad', grounds: { ...grounds, stable: { perSecond: 0, when } } })
  expect(text('now')).toBe(
    'worse: shop.v2.0 grew in lag by 6.0 ms a second (the old release now: 0.0 ms), full in 1,100s',
  )
  expect(text('same-age')).toContain('(the old release at the same age: 0.0 ms)')
  // As records of before have it.
  expect(opinionText({ verdict: 'bad', grounds })).toContain('by 6.0 ms a second, full in')
})
