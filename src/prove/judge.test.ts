import { describe, expect, it } from 'vitest'
import { judge } from './judge.ts'
import type { LoadResult, SentEffect } from './load-result.ts'
import { printReport } from './print-report.ts'

const sent = (id: string, more: Partial<SentEffect> = {}): SentEffect => ({
  id,
  kind: 'post',
  answered: true,
  ...more,
})
const done = (id: string, sha256?: string) => ({
  id,
  version: '1',
  pid: 1,
  ...(sha256 ? { sha256 } : {}),
})
const result = (effects: readonly SentEffect[], more: Partial<LoadResult> = {}): LoadResult => ({
  requests: 1_200,
  failed: 0,
  resets: 0,
  bad: {},
  versions: { 1: 1_200 },
  websockets: { opened: 0, cut: 0 },
  severed: { requests: 0, websockets: 0 },
  seconds: 3,
  requestsByKind: {},
  latency: {},
  shortLatency: { count: 1, p50: 1, p99: 2, max: 3 },
  timeline: [],
  phases: [],
  failures: [],
  effects,
  ...more,
})

describe('a proof', () => {
  it('holds when every id was executed exactly once', () => {
    const report = judge(result([sent('a'), sent('b')]), [done('a'), done('b')])
    expect(report).toMatchObject({ proven: true, asked: 2, lost: [], duplicated: [] })
  })

  it('fails on an id answered as done that was not', () => {
    expect(judge(result([sent('a')]), [])).toMatchObject({ proven: false, lost: ['a'] })
  })

  it('fails on an id that was done twice, answered or not', () => {
    const effects = [sent('a'), sent('b', { answered: false })]
    const ledger = [done('a'), done('a'), done('b'), done('b')]
    expect(judge(result(effects), ledger)).toMatchObject({ proven: false, duplicated: ['a', 'b'] })
  })

  it('fails on an upload that arrived changed', () => {
    const effects = [sent('u', { kind: 'upload', sha256: 'right' })]
    expect(judge(result(effects), [done('u', 'wrong')])).toMatchObject({ corrupted: ['u'] })
  })

  it('allows an unanswered id to be done once or never', () => {
    const effects = [sent('a', { answered: false }), sent('b', { answered: false })]
    expect(judge(result(effects), [done('a')]).proven).toBe(true)
  })

  it('fails on failed requests and on WebSockets that were cut', () => {
    expect(judge(result([], { failed: 1 })).proven).toBe(false)
    expect(judge(result([], { websockets: { opened: 9, cut: 1 } })).proven).toBe(false)
  })

  it('is not made by silence', () => {
    expect(judge(result([], { requests: 0 })).proven).toBe(false)
  })

  it('says what happened in plain lines', () => {
    const lines: string[] = []
    const failures = [{ kind: 'get' as const, atMs: 1_500, reason: 'reset: ECONNRESET' }]
    const seen = result([sent('a')], { failed: 1, resets: 1, bad: { 2: 7 }, failures })
    printReport(judge(seen, []), (line) => lines.push(line))
    expect(lines).toContain('1,200 requests in 3.0 s')
    expect(lines).toContain('  failed      1 (1 resets)')
    expect(lines).toContain('  by the app  2: 7 errors')
    expect(lines).toContain('  1.5 s  get  reset: ECONNRESET')
    expect(lines).toContain('  lost  a')
  })
})
