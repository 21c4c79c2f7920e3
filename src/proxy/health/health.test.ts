import { describe, expect, it } from 'vitest'
import { afterCheck, afterRefusal, UNPROVEN, type Health } from './health.ts'
import type { Finding } from './finding.ts'

const ready = { path: '/', intervalMs: 1, timeoutMs: 1, up: 2, down: 3, startupMs: 1 }
const good: Finding = { good: true }
const bad: Finding = { good: false, reason: 'answered 503 on GET /' }
const after = (findings: readonly Finding[], from: Health = UNPROVEN): Health =>
  findings.reduce((health, finding) => afterCheck(health, finding, ready), from)
const up = after([good, good])

describe('the health of an instance', () => {
  it('is up after as many good checks in a row as asked for', () => {
    expect(after([good]).state).toBe('unproven')
    expect(up.state).toBe('up')
  })

  it('counts good checks in a row only', () => {
    expect(after([good, bad, good]).state).toBe('unproven')
  })

  it('is unproven with a reason for as long as it never was up', () => {
    expect(after([bad, bad, bad, bad])).toMatchObject({
      state: 'unproven',
      reason: 'answered 503 on GET /',
    })
  })

  it('is down after as many bad checks in a row as asked for, and not before', () => {
    expect(after([bad, bad], up).state).toBe('up')
    expect(after([bad, bad, good, bad, bad], up).state).toBe('up')
    expect(after([bad, bad, bad], up)).toMatchObject({ state: 'down', ...bad, good: 0 })
  })

  it('needs the full number of good checks to come back, and forgets its reason then', () => {
    const down = after([bad, bad, bad], up)
    expect(after([good], down).state).toBe('down')
    expect(after([good, good], down)).toEqual({ state: 'up', good: 2, bad: 0 })
  })

  it('is down at once when a connection is refused, and must pass its checks to return', () => {
    const refused = afterRefusal(up, 'connection refused')
    expect(refused).toMatchObject({ state: 'down', reason: 'connection refused' })
    expect(after([good], refused).state).toBe('down')
    expect(after([good, good], refused).state).toBe('up')
  })
})
