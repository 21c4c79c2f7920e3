import { expect, it } from 'vitest'
import { bucketOf, msOf } from '../core/histogram.ts'
import type { Rollout } from '../core/rollout.ts'
import { NO_COUNTS, type Traffic } from '../core/traffic.ts'
import { ledgerOf } from './ledger.ts'

const counts = (requests: number, more: object = {}) => ({ ...NO_COUNTS, requests, ...more })

it('counts what met the rollout and nothing from before it', () => {
  const rollout = {
    startedAtMs: 1_000,
    baseline: { counts: { v1: counts(100, { failed: 7 }) }, held: 2, refused: 1 },
  } as unknown as Rollout
  const traffic = {
    counts: {
      v0: counts(0),
      v1: counts(150, { failed: 7, retried: 3 }),
      v2: counts(50, { answers: [0, 0, 45, 0, 0, 5], broken: 1 }),
    },
    held: 6,
    refused: 2,
  } as unknown as Traffic
  expect(ledgerOf(rollout, traffic, 3_500)).toEqual({
    requests: 101,
    byRelease: { v1: { requests: 50, errors: 0 }, v2: { requests: 50, errors: 6 } },
    failed: 2,
    retried: 3,
    held: 4,
    seconds: 2.5,
  })
})

it('tells how fast the answers of each release began', () => {
  const rollout = {
    startedAtMs: 0,
    baseline: { counts: {}, held: 0, refused: 0 },
  } as unknown as Rollout
  const cell = (ms: number) => ({
    methods: 'reads',
    status: 2,
    firstByte: [bucketOf(ms), 100],
    whole: [],
  })
  const traffic = {
    counts: { v1: counts(100), v2: counts(5) },
    sights: { v1: { cells: [cell(10), cell(20)] } },
    held: 0,
    refused: 0,
  } as unknown as Traffic
  expect(ledgerOf(rollout, traffic, 0).byRelease).toEqual({
    v1: { requests: 100, errors: 0, p99Ms: msOf(bucketOf(20)) },
    v2: { requests: 5, errors: 0 },
  })
})

it('begins anew when the proxy was started anew in between', () => {
  const rollout = {
    startedAtMs: 0,
    baseline: { counts: { v1: counts(100) }, held: 0, refused: 0 },
  } as unknown as Rollout
  const traffic = { counts: { v1: counts(10) }, held: 0, refused: 0 } as unknown as Traffic
  expect(ledgerOf(rollout, traffic, 0).requests).toBe(10)
})
