import { describe, expect, it } from 'vitest'
import type { Account } from '../core/account.ts'
import type { Opinion } from '../core/judge.ts'
import { accountText, replayText } from './account-text.ts'

const bad: Opinion = {
  verdict: 'bad',
  grounds: {
    metric: 'errors',
    path: 'GET /cart',
    candidate: { answers: 40, incidents: 5 },
    stable: { answers: 1_960, incidents: 0 },
    evidence: 1_204.7,
  },
}
const because = {
  code: 'release-worse',
  message: 'v2 is worse than v1',
  hint: 'Mend it.',
  data: {},
}
const account: Account = {
  rollout: {
    id: 12,
    service: 'shop',
    kind: 'deploy',
    by: 'anna',
    plan: { service: 'shop', strategy: 'canary', from: 'v1', to: 'v2', steps: [] },
    state: { phase: 'finished', outcome: 'undone', because },
    baseline: { counts: {}, held: 0, refused: 0 },
    startedAtMs: Date.UTC(2026, 10, 21, 12),
    endedAtMs: Date.UTC(2026, 10, 21, 12, 1, 5),
  },
  steps: ['start 1 × v2', 'shift 5% to v2', 'stop 2 × v1'],
  journal: marks([
    [0, { mark: 'begun', step: 0 }],
    [1_500, { mark: 'done', step: 0, note: 'pid 77' }],
    [1_600, { mark: 'begun', step: 1 }],
    [61_000, { mark: 'turned', step: 1, because }],
    [61_100, { mark: 'undo-begun', step: 1 }],
    [61_300, { mark: 'undone', step: 1 }],
    [61_300, { mark: 'undo-begun', step: 0 }],
  ]),
  record: [
    { seq: 1, atMs: at(2_000), kind: 'asked', verb: 'pause', by: 'ben', reason: 'lunch' },
    { seq: 2, atMs: at(60_900), kind: 'judged', opinion: bad },
    { seq: 3, atMs: at(60_950), kind: 'full', what: 'looks' },
  ],
}

function at(ms: number): number {
  return Date.UTC(2026, 10, 21, 12) + ms
}

type Mark = Account['journal'][number]
type Unmarked = Mark extends infer Each ? Omit<Each, 'seq' | 'atMs'> : never

function marks(all: readonly (readonly [number, Unmarked | object])[]): Account['journal'] {
  return all.map(([ms, mark], seq) => ({ ...mark, seq, atMs: at(ms) }) as Mark)
}

describe('the account of a rollout', () => {
  it('tells every decision at its time, with its numbers, from the plan to the end', () => {
    expect(accountText(account).split('\n')).toEqual([
      'rollout 12 of shop: canary from v1 to v2, undone',
      'began 2026-11-21 12:00:00 UTC, asked by anna',
      '   +0ms  ✓ 1 start 1 × v2 (1.5s): pid 77',
      '  +1.6s  … 2 shift 5% to v2 (59.4s)',
      '  +2.0s  ben said pause: lunch',
      ' +1m00s  judge: worse: the new release answered 5 of 40 with an error on GET /cart, the old one 0 of 1,960; evidence 1,204',
      ' +1m00s  from here on what the judge saw was not kept',
      ' +1m01s  ✗ 2 shift 5% to v2: v2 is worse than v1 (release-worse)',
      ' +1m01s  ↺ 2 shift 5% to v2 (200ms)',
      ' +1m01s  … 1 start 1 × v2',
      '         · 3 stop 2 × v1 (never begun)',
      'undone after 1m05s',
      'because v2 is worse than v1',
      '  → Mend it.',
    ])
  })
})

describe('the judge, asked again', () => {
  it('says that it comes to the same opinion', () => {
    const text = replayText({ looks: 600, isWhole: true, before: bad, now: bad, isSame: true })
    expect(text).toContain('judged again, over 600 looks: the same opinion')
  })

  it('says that it does not, and that something is missing', () => {
    const now: Opinion = { verdict: 'undecided', candidate: { answers: 9, incidents: 1 } }
    const text = replayText({ looks: 600, isWhole: false, before: bad, now, isSame: false })
    expect(text).toContain('another opinion')
    expect(text).toContain('now   undecided so far: 1 of 9 with an error')
    expect(text).toContain('some looks were not kept')
  })
})
