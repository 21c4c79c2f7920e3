import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { scriptedWorld } from '../../test/support/scripted-world.ts'
import type { Answer } from '../core/asking.ts'
import type { Verdict } from '../core/gate.ts'
import type { Steps, World } from '../core/step.ts'
import { askGate } from './ask-gate.ts'
import { besideGates } from './beside-gates.ts'

const during = [
  { kind: 'pass-gate', release: 'v2', gate: 'ci', asks: 'webhook', moment: 'during 25%' },
] as const
const data = {
  kind: 'ask-gate',
  release: 'v2',
  slots: [0],
  hold: 10_000,
  gate: { errors: 0.05, minRequests: 20 },
  during,
} as const

/** A world with a gate that gives one answer after the other, the last one for ever. */
function worldWith(...answers: readonly Answer[]): World & { readonly asked: number[] } {
  const world = scriptedWorld([{}])
  const asked: number[] = []
  const gates = [
    {
      name: 'ci',
      when: 'during',
      question: { kind: 'webhook', url: 'http://ci.example', headers: {} },
      everyMs: 2_000,
      noAnswer: 'hold',
    },
  ] as const
  return {
    ...world,
    asked,
    ask: async (_question, _occasion, { signal }) => {
      signal?.throwIfAborted()
      asked.push(world.clock.steadyNow())
      return answers[Math.min(asked.length, answers.length) - 1] ?? { kind: 'yes' }
    },
    release: async (id) => {
      const release = await world.release(id)
      return { ...release, spec: { ...release.spec, rollout: { ...release.spec.rollout, gates } } }
    },
  }
}

const watching = (act: Steps['ask-gate']['do']): Steps['ask-gate'] => ({ ...askGate, do: act })
const untilAborted = watching(async (_data, _world, { signal }) => {
  if (signal && !signal.aborted) await once(signal, 'abort')
  throw signal?.reason
})
const atOnce = (verdict: Verdict) => watching(async () => verdict)

describe('gates that are asked during a step', () => {
  it('are asked again and again until the watch is over', async () => {
    const world = worldWith({ kind: 'yes' })
    expect(await besideGates(askGate).do(data, world, {})).toMatchObject({ kind: 'yes' })
    expect(world.asked.length).toBeGreaterThan(2)
  })

  it('end the watch when one of them says no', async () => {
    const world = worldWith(
      { kind: 'yes' },
      { kind: 'yes' },
      { kind: 'no', why: 'the queue grows' },
    )
    expect(await besideGates(untilAborted).do(data, world, {})).toMatchObject({
      kind: 'no',
      problem: { code: 'gate-refused', message: 'ci said no to v2 during 25%: the queue grows' },
    })
    expect(world.asked.length).toBe(3)
  })

  it('hold the rollout when one of them has no answer', async () => {
    const world = worldWith({ kind: 'none', why: 'silent' })
    expect(await besideGates(untilAborted).do(data, world, {})).toMatchObject({ kind: 'hold' })
  })

  it('are asked once at least, also in a look without a hold', async () => {
    const world = worldWith({ kind: 'no', why: 'broken' })
    const verdict = await besideGates(atOnce({ kind: 'yes' })).do(data, world, {})
    expect(verdict).toMatchObject({ kind: 'no' })
  })

  it('are not waited for when the watch itself says no', async () => {
    const world = worldWith({ kind: 'yes' })
    const silent: World = {
      ...world,
      ask: async (_question, _occasion, { signal }) => {
        if (signal && !signal.aborted) await once(signal, 'abort')
        throw signal?.reason
      },
    }
    const bad = atOnce({ kind: 'hold', reason: 'for the test' })
    expect(await besideGates(bad).do(data, silent, {})).toMatchObject({ kind: 'hold' })
  })

  it('are told with the watch', () => {
    expect(besideGates(askGate).describe(data)).toBe('gate errors of v2 ≤ 5% for 10s, ask ci')
  })

  it('end with the reason of an abort', async () => {
    const over = new AbortController()
    const asking = besideGates(untilAborted).do(data, worldWith({ kind: 'yes' }), {
      signal: over.signal,
    })
    over.abort(new Error('asked to'))
    await expect(asking).rejects.toThrow('asked to')
  })
})
