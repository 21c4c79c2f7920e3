import { describe, expect, it } from 'vitest'
import type { Plan, StepData } from '../core/plan.ts'
import type { Release } from '../core/release.ts'
import type { CanarySpec, RollingSpec } from '../core/rollout-spec.ts'
import { blueGreen } from './blue-green.ts'
import { canary } from './canary.ts'
import { rolling } from './rolling.ts'

const gate = { errors: 0.05, minRequests: 20 }
const rollingSpec: RollingSpec = { strategy: 'rolling', batch: 1, surge: 1, gate, bakeMs: 0 }
const canarySpec: CanarySpec = {
  strategy: 'canary',
  steps: [
    { share: 100, hold: 10 },
    { share: 5_000, hold: 'until-promoted' },
  ],
  gate,
  bakeMs: 0,
}

const release = (id: string, instances: number) =>
  ({ service: 'shop', id, spec: { instances } }) as unknown as Release

const live = (id: string, count: number) => ({ release: id, slots: [...Array(count).keys()] })

/** A plan as one reads it. */
function printed(plan: Plan): string[] {
  return plan.steps.map(line)
}

function line(step: StepData): string {
  if (step.kind === 'shift-traffic') return `shift ${weights(step.from)} → ${weights(step.to)}`
  const slots = `${step.release}[${step.slots.join()}]`
  return step.kind === 'ask-gate'
    ? `gate ${slots} ${step.hold}`
    : `${step.kind.split('-')[0]} ${slots}`
}

const weights = (shares: Readonly<Record<string, number>>) =>
  Object.entries(shares)
    .map(([id, share]) => `${id}:${share / 100}%`)
    .join(' ') || 'nothing'

describe('rolling', () => {
  it('replaces one instance after the other and gives each the same share', () => {
    expect(
      printed(rolling({ live: live('v1', 2), others: [] }, release('v2', 2), rollingSpec)),
    ).toEqual([
      'start v2[0]',
      'wait v2[0]',
      'shift v1:100% → v1:50% v2:50%',
      'drain v1[0]',
      'stop v1[0]',
      'gate v2[0] 0',
      'start v2[1]',
      'wait v2[1]',
      'shift v1:50% v2:50% → v2:100%',
      'drain v1[1]',
      'stop v1[1]',
      'gate v2[0,1] 0',
      'gate v2[0,1] 0',
    ])
  })

  it('makes room first when nothing may run beyond the wanted number', () => {
    const plan = rolling({ live: live('v1', 2), others: [] }, release('v2', 2), {
      ...rollingSpec,
      batch: 2,
      surge: 0,
    })
    expect(printed(plan)).toEqual([
      'drain v1[0,1]',
      'stop v1[0,1]',
      'start v2[0,1]',
      'wait v2[0,1]',
      'shift v1:100% → v2:100%',
      'gate v2[0,1] 0',
      'gate v2[0,1] 0',
    ])
  })

  it('takes away every old instance when the new release wants fewer', () => {
    const plan = rolling({ live: live('v1', 3), others: [] }, release('v2', 1), rollingSpec)
    expect(printed(plan)).toContain('shift v1:100% → v2:100%')
    expect(
      printed(plan)
        .filter((step) => step.startsWith('stop'))
        .join(' '),
    ).toBe('stop v1[0,1] stop v1[2]')
  })

  it('starts everything at once when nothing serves yet', () => {
    expect(printed(rolling({ others: [] }, release('v1', 2), rollingSpec))).toEqual([
      'start v1[0,1]',
      'wait v1[0,1]',
      'shift nothing → v1:100%',
    ])
  })
})

describe('blue-green', () => {
  const spec = { strategy: 'blue-green', gate, bakeMs: 5, warmMs: 60_000 } as const

  it('switches at once and keeps the old set warm', () => {
    const plan = blueGreen({ live: live('v1', 2), others: [] }, release('v2', 2), spec)
    expect(printed(plan)).toEqual([
      'start v2[0,1]',
      'wait v2[0,1]',
      'shift v1:100% → v2:100%',
      'gate v2[0,1] 5',
    ])
    expect(plan.keeps).toEqual({ release: 'v1', warmMs: 60_000 })
  })

  it('takes the old set away when nothing is to stay warm', () => {
    const plan = blueGreen({ live: live('v1', 1), others: [] }, release('v2', 1), {
      ...spec,
      warmMs: 0,
    })
    expect(printed(plan).slice(-2)).toEqual(['drain v1[0]', 'stop v1[0]'])
    expect(plan.keeps).toBeUndefined()
  })

  it('clears away what an earlier rollout kept warm', () => {
    const plan = blueGreen({ live: live('v2', 1), others: [live('v1', 1)] }, release('v3', 1), spec)
    expect(printed(plan).slice(0, 2)).toEqual(['drain v1[0]', 'stop v1[0]'])
  })

  it('goes back to a warm release without touching its instances', () => {
    const plan = blueGreen({ live: live('v2', 1), others: [live('v1', 1)] }, release('v1', 1), spec)
    expect(printed(plan)).toEqual([
      'start v1[0]',
      'wait v1[0]',
      'shift v2:100% → v1:100%',
      'gate v1[0] 5',
    ])
  })
})

describe('canary', () => {
  it('starts only as many instances as each share needs', () => {
    expect(
      printed(canary({ live: live('v1', 4), others: [] }, release('v2', 4), canarySpec)),
    ).toEqual([
      'start v2[0]',
      'wait v2[0]',
      'shift v1:100% → v1:99% v2:1%',
      'gate v2[0] 10',
      'start v2[1]',
      'wait v2[1]',
      'shift v1:99% v2:1% → v1:50% v2:50%',
      'gate v2[0,1] until-promoted',
      'start v2[2,3]',
      'wait v2[2,3]',
      'shift v1:50% v2:50% → v2:100%',
      'gate v2[0,1,2,3] 0',
      'drain v1[0,1,2,3]',
      'stop v1[0,1,2,3]',
    ])
  })

  it('has nobody to compare with when nothing serves yet', () => {
    expect(printed(canary({ others: [] }, release('v1', 1), canarySpec))).toEqual([
      'start v1[0]',
      'wait v1[0]',
      'shift nothing → v1:100%',
    ])
  })
})
