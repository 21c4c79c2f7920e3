import { describe, expect, it } from 'vitest'
import type { InstanceStatus, Status } from '../api/contract.ts'
import { statusText } from './status-text.ts'

const NOW_MS = 1_000_000

function statusWith(instance: Partial<InstanceStatus>): Status {
  return {
    service: 'shop',
    listen: { host: '127.0.0.1', port: 80 },
    live: 'v1',
    weights: { v1: 10_000 },
    instances: [
      {
        id: 'shop.v1.0',
        release: 'v1',
        address: { host: '127.0.0.1', port: 4000 },
        startedAtMs: NOW_MS,
        state: { kind: 'running', pid: 7 },
        route: 'serving',
        health: 'up',
        requests: 0,
        upgrades: 0,
        ...instance,
      },
    ],
    counts: {},
    holding: 0,
    isDegraded: false,
  }
}

describe('the status of a service', () => {
  it('says which certificate its clients miss, when it is asked for again, and what helps', () => {
    const fault = { of: 'shop.example', reason: 'nobody answers', hint: 'Mend it.' }
    const certificates = [{ ...fault, againMs: NOW_MS + 30_000 }]
    const text = statusText({ ...statusWith({}), certificates }, NOW_MS)
    expect(text).toContain(
      'certificate shop.example: nobody answers; asked again in 30.0s\n  → Mend it.',
    )
    expect(statusText(statusWith({}), NOW_MS)).not.toContain('certificate')
  })
})

describe('the status of a service in a rollout', () => {
  it('says what the judge thinks so far, and what it waits for', () => {
    const seen = { answers: 120, incidents: 9 }
    const opinion = { verdict: 'undecided', candidate: seen } as const
    const told = (status: Status) => statusText(status, NOW_MS)
    expect(told({ ...statusWith({}), opinion })).toContain(
      'judge: undecided so far: 9 of 120 with an error',
    )
    const few = { ...opinion, few: { incidents: 9, users: 1 } }
    expect(told({ ...statusWith({}), opinion: few })).toContain('9 errors, all of one user')
  })
})

describe('the status of a service whose rules name a release that does not serve', () => {
  it('says which rules, and what happens meanwhile', () => {
    const idlePins = [
      { of: 'rules[1]', release: 'v9' },
      { of: 'mirror', release: 'v8' },
    ]
    const text = statusText({ ...statusWith({}), idlePins }, NOW_MS)
    expect(text).toContain('rules[1] names v9, which does not serve: the shares decide')
    expect(text).toContain('mirror names v8, which does not serve: nothing is copied')
  })
})

describe('the status of an instance', () => {
  const ejected = { reason: '5 requests in a row failed', untilMs: NOW_MS + 30_000 }

  it('says that it is ejected, why, and for how long', () => {
    const text = statusText(statusWith({ ejected }), NOW_MS)
    expect(text).toMatch(/ejected .*5 requests in a row failed; back in 30.0s/)
  })

  it('says first that it is down', () => {
    const text = statusText(statusWith({ health: 'down', reason: 'refused', ejected }), NOW_MS)
    expect(text).toMatch(/down .*refused/)
    expect(text).not.toContain('ejected')
  })
})
