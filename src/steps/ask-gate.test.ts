import { describe, expect, it } from 'vitest'
import { type Moment, scriptedWorld } from '../../test/support/scripted-world.ts'
import { askGate } from './ask-gate.ts'
import { NO_COUNTS } from '../core/traffic.ts'

const data = {
  kind: 'ask-gate',
  release: 'v2',
  slots: [0],
  hold: 1_000,
  gate: { errors: 0.05, minRequests: 20 },
} as const

const answers = (good: number, bad: number) => ({
  requests: good + bad,
  answers: [0, 0, good, 0, 0, bad] as const,
})
const ask = async (moments: readonly Moment[], hold: number | 'until-promoted' = data.hold) =>
  askGate.do({ ...data, hold }, scriptedWorld(moments), {})

describe('the gate', () => {
  it('lets a release pass that answers well for the whole hold', async () => {
    expect(await ask([{ counts: answers(0, 0) }, { counts: answers(100, 5) }])).toEqual({
      kind: 'yes',
      note: '5 errors in 105 requests',
    })
  })

  it('stops a release as soon as its errors pass the limit', async () => {
    const world = scriptedWorld([{ counts: answers(0, 0) }, { counts: answers(15, 5) }])
    const begun = world.clock.now()
    const verdict = await askGate.do({ ...data, hold: 60_000 }, world, {})
    expect(verdict).toMatchObject({
      kind: 'no',
      problem: {
        code: 'gate-failed',
        message: 'v2 answered 5 of 20 requests with an error (25%); the limit is 5%',
        hint: expect.stringContaining('midflight logs v2') as string,
      },
    })
    expect(world.clock.now() - begun).toBeLessThan(1_000)
  })

  it('counts an answer that never came as an error', async () => {
    const counts = { requests: 20, failed: 1, broken: 1, answers: [0, 0, 18, 0, 0, 0] as const }
    expect(await ask([{}, { counts }])).toMatchObject({ problem: { code: 'gate-failed' } })
  })

  it('ends early when nothing is worse, where the file says so, and waits while both releases fail', async () => {
    const candidate = { answers: 400, incidents: 0 }
    const opinions = ['frozen', 'undecided', 'fine'] as const
    for (const [at, verdict] of opinions.entries()) {
      const world = scriptedWorld([{ counts: answers(50, 0) }])
      let looks = 0
      const opinion = () =>
        // What is frozen goes on by itself.
        verdict === 'frozen' && (looks += 1) < 50
          ? ({ verdict, stable: candidate } as const)
          : ({ verdict: verdict === 'fine' ? 'fine' : 'undecided', candidate } as const)
      const begun = world.clock.now()
      await askGate.do({ ...data, early: true }, { ...world, opinion }, {})
      const took = world.clock.now() - begun
      expect([took > 5_000, took === 1_000, took === 0][at]).toBe(true)
    }
  })

  it('leaves an instance that ended to the judge where crashes are compared', async () => {
    const gone = { ended: { code: 1 }, instances: [{ health: 'down' }] } as const
    const verdict = async (compared: object) =>
      askGate.do({ ...data, ...compared }, scriptedWorld([{}, gone]), {})
    expect(await verdict({})).toMatchObject({ problem: { code: 'instance-ended' } })
    expect(await verdict({ crashes: 'compared' })).toMatchObject({ kind: 'yes' })
  })

  it('says that the judge waits for more users, and why it may wait for ever', async () => {
    const told: string[] = []
    const candidate = { answers: 400, incidents: 40 }
    const few = { incidents: 40, users: 1 }
    const opinion = () => ({ verdict: 'undecided', candidate, few }) as const
    await askGate.do(
      data,
      { ...scriptedWorld([{}]), opinion },
      { report: (text) => told.push(text) },
    )
    expect(told[0]).toMatch(/^the judge waits for more users: 40 errors, .*clients\.trust/)
  })

  it('proves nothing by a few answers, and says so', async () => {
    expect(await ask([{}, { counts: answers(0, 19) }])).toEqual({
      kind: 'yes',
      note: '19 errors in 19 requests (too few to judge)',
    })
  })

  it('judges what came in its own hold, not what was before', async () => {
    expect(await ask([{ counts: answers(0, 50) }, { counts: answers(50, 50) }])).toMatchObject({
      kind: 'yes',
    })
  })

  it('judges the whole rollout when it only looks', async () => {
    const world = scriptedWorld([{ counts: answers(60, 60) }], { ...NO_COUNTS, ...answers(60, 0) })
    expect(await askGate.do({ ...data, hold: 0 }, world, {})).toMatchObject({ kind: 'no' })
  })

  it('stops when an instance ends, with its exit code', async () => {
    expect(await ask([{}, { ended: { code: 1 } }])).toMatchObject({
      problem: {
        code: 'instance-ended',
        message: 'shop.v2.0 ended by itself (exit code 1) 5.0s after its start',
      },
    })
  })

  it('stops when an instance is not healthy any more', async () => {
    const sick = { instances: [{ health: 'down' as const, reason: 'answered 500 on GET /readyz' }] }
    expect(await ask([{}, sick])).toMatchObject({
      problem: {
        code: 'instance-not-healthy',
        message: 'shop.v2.0 was ready and is not any more: answered 500 on GET /readyz',
      },
    })
  })

  it('waits for a person as long as it is told to, and ends at once when they are content', async () => {
    const hurry = new AbortController()
    const world = scriptedWorld([{ counts: answers(30, 0) }])
    const asking = askGate.do({ ...data, hold: 'until-promoted' }, world, {
      hurry: hurry.signal,
      report: () => {
        if (world.clock.now() > 5_000_000) hurry.abort()
      },
    })
    expect(await asking).toMatchObject({ kind: 'yes' })
  })

  it('ends with the reason of an abort', async () => {
    const signal = AbortSignal.abort(new Error('asked to'))
    await expect(askGate.do(data, scriptedWorld([{}]), { signal })).rejects.toThrow('asked to')
  })
})
