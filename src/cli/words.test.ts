import { expect, it } from 'vitest'
import { bytes, duration, heldLine, ledgerInBrief, ledgerLine, p99Lines, share } from './words.ts'

it.each([
  [12, '12ms'],
  [1_500, '1.5s'],
  [125_000, '2m05s'],
  [7_380_000, '2h03m'],
  [200_000_000, '2d'],
])('says %d ms as %s', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

it('says shares and sizes as the file does', () => {
  expect([share(1), share(2_500), bytes(70 * 1024 * 1024), bytes(3 * 2 ** 30)]).toEqual([
    '0.01%',
    '25%',
    '70MiB',
    '3.0GiB',
  ])
})

it('says who answered what during a rollout', () => {
  const byRelease = { v1: { requests: 1_200, errors: 0 }, v2: { requests: 34, errors: 5 } }
  expect(
    ledgerLine({ requests: 1_234, byRelease, failed: 0, retried: 2, held: 0, seconds: 1 }),
  ).toBe(
    '1,234 requests met the rollout (v1 1,200, v2 34 (5 errors)): 0 failed by Midflight, 2 retried, 0 held',
  )
})

it('says in brief what a rollout cost its users', () => {
  const ledger = {
    requests: 48_211,
    byRelease: {
      v1: { requests: 40_000, errors: 0, p99Ms: 12.25 },
      v2: { requests: 8_211, errors: 0, p99Ms: 15.5 },
    },
    failed: 0,
    retried: 0,
    held: 0,
    seconds: 9,
  }
  const plan = { from: 'v1', to: 'v2' }
  expect(ledgerInBrief(ledger, plan)).toBe('0 of 48,211 failed, p99 +3.3ms')
  expect(ledgerInBrief(ledger, { to: 'v2' })).toBe('0 of 48,211 failed')
  expect(p99Lines(ledger, plan)).toEqual(['p99: 12.3ms with v1, 15.5ms with v2'])
})

it('says who waits because a person said so, and how it ends', () => {
  expect(heldLine('all')).toBe('held: requests wait until midflight release')
  expect(heldLine('writes')).toContain('requests that may change something wait')
})
