import { describe, expect, it } from 'vitest'
import { scriptedWorld, type Moment } from '../../test/support/scripted-world.ts'
import type { Answer } from '../core/asking.ts'
import type { OutsideGate, Question } from '../core/gate.ts'
import type { World } from '../core/step.ts'
import { passGate } from './pass-gate.ts'

const data = {
  kind: 'pass-gate',
  release: 'v2',
  from: 'v1',
  gate: 'smoke',
  asks: 'command',
  moment: 'before 25%',
} as const

const gate: OutsideGate = {
  name: 'smoke',
  when: 'before',
  question: { kind: 'command', run: 'true' },
  timeoutMs: 1_000,
  everyMs: 1_000,
  noAnswer: 'hold',
}

/** A world in which the file sets up this gate, and it answers so. */
function worldWith(
  set: Partial<OutsideGate>,
  answer: Answer = { kind: 'yes' },
  moments: readonly Moment[] = [{}],
): World & { readonly asked: unknown[] } {
  const world = scriptedWorld(moments)
  const asked: unknown[] = []
  return {
    ...world,
    asked,
    ask: async (question, { release, ...rest }, { timeoutMs }) => {
      asked.push({ question, release: release.id, ...rest, timeoutMs })
      return answer
    },
    release: async (id) => {
      const release = await world.release(id)
      const rollout = { ...release.spec.rollout, gates: [{ ...gate, ...set }] }
      return { ...release, spec: { ...release.spec, rollout } }
    },
  }
}

const none: Answer = { kind: 'none', why: 'ci.example was silent' }

describe('a gate of the file', () => {
  it('is asked about the release and the step, within its time', async () => {
    const world = worldWith({}, { kind: 'yes', note: 'all well' })
    expect(await passGate.do(data, world, {})).toEqual({ kind: 'yes', note: 'all well' })
    expect(world.asked).toEqual([
      { question: gate.question, release: 'v2', from: 'v1', step: 'before 25%', timeoutMs: 1_000 },
    ])
  })

  it('undoes the rollout when it says no, with its reason', async () => {
    expect(await passGate.do(data, worldWith({}, { kind: 'no', why: 'broken' }), {})).toMatchObject(
      {
        kind: 'no',
        problem: { code: 'gate-refused', message: 'smoke said no to v2 before 25%: broken' },
      },
    )
  })

  it('holds the rollout without an answer, and says what a person can do', async () => {
    expect(await passGate.do(data, worldWith({}, none), {})).toEqual({
      kind: 'hold',
      reason:
        'smoke gave no answer before 25%: ci.example was silent; midflight resume asks again, midflight promote goes on without it',
    })
  })

  it('undoes or goes on without an answer where the file says so', async () => {
    expect(await passGate.do(data, worldWith({ noAnswer: 'undo' }, none), {})).toMatchObject({
      problem: {
        code: 'gate-unanswered',
        message: 'smoke gave no answer before 25%: ci.example was silent',
      },
    })
    expect(await passGate.do(data, worldWith({ noAnswer: 'go-on' }, none), {})).toEqual({
      kind: 'yes',
      note: 'smoke gave no answer before 25%: ci.example was silent',
    })
  })

  it('holds until the moment it names, whatever the file says of no answer', async () => {
    const later: Answer = { kind: 'later', why: 'frozen until Monday', untilMs: 5 }
    expect(await passGate.do(data, worldWith({ noAnswer: 'undo' }, later), {})).toEqual({
      kind: 'hold',
      reason: 'smoke: frozen until Monday',
      untilMs: 5,
    })
  })

  it('refuses a gate that the file of the release does not have', async () => {
    const asking = passGate.do({ ...data, gate: 'other' }, worldWith({}), {})
    await expect(asking).rejects.toMatchObject({ code: 'gate-unknown' })
  })

  it('says what it does in a few words', () => {
    expect(passGate.describe(data)).toBe('ask smoke (command) before 25%')
    expect(passGate.describe({ ...data, gate: 'command' })).toBe('ask command before 25%')
  })
})

describe('a minimum of traffic', () => {
  const question: Question = { kind: 'traffic', requests: 100 }
  const { timeoutMs: _, ...waiting } = gate
  const wants = (moments: readonly Moment[], timeoutMs?: number) => {
    const world = worldWith({ question }, { kind: 'yes' }, moments)
    const own = { ...waiting, question, ...(timeoutMs !== undefined && { timeoutMs }) }
    return {
      ...world,
      release: async (id: string) => {
        const release = await world.release(id)
        const rollout = { ...release.spec.rollout, gates: [own] }
        return { ...release, spec: { ...release.spec, rollout } }
      },
    }
  }
  const got = (requests: number): Moment => ({ counts: { requests } })

  it('is waited for', async () => {
    const world = wants([got(0), got(50), got(120)])
    const begun = world.clock.steadyNow()
    expect(await passGate.do(data, world, {})).toEqual({ kind: 'yes', note: '120 requests' })
    expect(world.clock.steadyNow() - begun).toBeGreaterThan(0)
  })

  it('is no answer when it does not come in time', async () => {
    expect(await passGate.do(data, wants([got(99)], 10_000), {})).toMatchObject({
      kind: 'hold',
      reason: expect.stringContaining('v2 got 99 of 100 requests') as string,
    })
  })

  it('is not waited for any more when a person promotes', async () => {
    const hurry = AbortSignal.abort()
    expect(await passGate.do(data, wants([got(7)]), { hurry })).toEqual({
      kind: 'yes',
      note: 'promoted by a person after 7 of 100 requests',
    })
  })
})
