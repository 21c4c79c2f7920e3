import { describe, expect, it } from 'vitest'
import type { Group } from '../core/group.ts'
import { groupEventText } from './group-text.ts'

const doubt = {
  check: 'memory',
  level: 'warn',
  what: 'together they take 500 MiB more',
  why: 'the system ends processes',
  hint: 'Run fewer.',
} as const

const group: Group = {
  id: 1,
  name: 'site',
  members: [
    { service: 'accounts', release: 'v2', doubts: [doubt] },
    { service: 'web', release: 'v3' },
  ],
  state: { phase: 'running', member: 0 },
  startedAtMs: 0,
}

describe('the begin of a group', () => {
  it('tells who is in it, and what is doubtful about whom', () => {
    expect(groupEventText({ event: 'planned', group }, group)).toEqual([
      'site: accounts v2, web v3',
      '  accounts:',
      expect.stringContaining('memory: together they take 500 MiB more') as string,
      '      the system ends processes',
      '      → Run fewer.',
    ])
  })
})
