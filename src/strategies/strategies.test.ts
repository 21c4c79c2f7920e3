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
  if (step.kind === 'shift-traffic') return shiftLine(step)
  if (!('slots' in step)) return step.kind
  const slots = `${step.release}[${step.slots.join()}]`
  if (step.kind === 'ask-gate') return `gate ${slots} ${step.hold}`
  const isPreview = step.kind === 'open-preview' || step.kind === 'close-preview'
  return isPreview
    ? `${step.kind} ${slots} ${step.listen.port}`
    : `${step.kind.split('-')[0]} ${slots}`
}

/** The weights, and in brackets how many instances of each release must be ready for them. */
function shiftLine({ from, to, needs }: Extract<StepData, { kind: 'shift-traffic' }>): string {
  const told = `shift ${weights(from)} → ${weights(to)}`
  return `${told} (${counts(needs?.from)} → ${counts(needs?.to)})`
}

const counts = (needs: Readonly<Record<string, number>> = {}) =>
  Object.values(needs).join(' ') || '0'

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
      'shift v1:100% → v1:50% v2:50% (2 → 1 1)',
      'drain v1[0]',
      'stop v1[0]',
      'gate v2[0] 0',
      'start v2[1]',
      'wait v2[1]',
      'shift v1:50% v2:50% → v2:100% (1 1 → 2)',
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
      'shift v1:100% → v2:100% (0 → 2)',
      'gate v2[0,1] 0',
      'gate v2[0,1] 0',
    ])
  })

  it('takes away every old instance when the new release wants fewer', () => {
    const plan = rolling({ live: live('v1', 3), others: [] }, release('v2', 1), rollingSpec)
    expect(printed(plan)).toContain('shift v1:100% → v2:100% (3 → 1)')
    expect(
      printed(plan)
        .filter((step) => step.startsWith('stop'))
        .join(' '),
    ).toBe('stop v1[0,1,2]')
  })

  it('replaces a share of the instances at a time, with a share more meanwhile, both rounded up', () => {
    const shares = { batch: { share: 5_000 }, surge: { share: 2_500 } }
    const plan = rolling({ live: live('v1', 3), others: [] }, release('v2', 3), {
      ...rollingSpec,
      ...shares,
    })
    expect(printed(plan)).toEqual([
      'drain v1[0]',
      'stop v1[0]',
      'start v2[0,1]',
      'wait v2[0,1]',
      'shift v1:100% → v1:33.33% v2:66.67% (2 → 1 2)',
      'drain v1[1]',
      'stop v1[1]',
      'gate v2[0,1] 0',
      'start v2[2]',
      'wait v2[2]',
      'shift v1:33.33% v2:66.67% → v2:100% (1 2 → 3)',
      'drain v1[2]',
      'stop v1[2]',
      'gate v2[0,1,2] 0',
      'gate v2[0,1,2] 0',
    ])
  })

  it('lets no old instance go before enough new ones carry its share', () => {
    const plan = rolling({ live: live('v1', 2), others: [] }, release('v2', 4), rollingSpec)
    expect(printed(plan).filter((step) => /^(?:shift|stop)/.test(step))).toEqual([
      'shift v1:100% → v1:75% v2:25% (2 → 2 1)',
      'shift v1:75% v2:25% → v1:50% v2:50% (2 1 → 1 2)',
      'stop v1[0]',
      'shift v1:50% v2:50% → v1:25% v2:75% (1 2 → 1 3)',
      'shift v1:25% v2:75% → v2:100% (1 3 → 4)',
      'stop v1[1]',
    ])
  })

  it('takes no old instance away when the old set is to stay warm', () => {
    const plan = rolling({ live: live('v1', 2), others: [] }, release('v2', 2), {
      ...rollingSpec,
      warmMs: 60_000,
    })
    expect(printed(plan)).toEqual([
      'start v2[0]',
      'wait v2[0]',
      'shift v1:100% → v1:50% v2:50% (2 → 1 1)',
      'gate v2[0] 0',
      'start v2[1]',
      'wait v2[1]',
      'shift v1:50% v2:50% → v2:100% (1 1 → 2)',
      'gate v2[0,1] 0',
      'gate v2[0,1] 0',
    ])
    expect(plan.keeps).toEqual({ release: 'v1', warmMs: 60_000 })
  })

  it('gives everything to the first new ones when no old one runs any more', () => {
    const plan = rolling({ live: live('v1', 0), others: [] }, release('v2', 2), rollingSpec)
    expect(printed(plan)).toContain('shift v1:100% → v2:100% (0 → 1)')
  })

  it('starts everything at once when nothing serves yet', () => {
    expect(printed(rolling({ others: [] }, release('v1', 2), rollingSpec))).toEqual([
      'start v1[0,1]',
      'wait v1[0,1]',
      'shift nothing → v1:100% (0 → 2)',
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
      'shift v1:100% → v2:100% (2 → 2)',
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
    const warm = { ...live('v1', 2), serving: [0, 1] }
    const plan = blueGreen({ live: live('v2', 1), others: [warm] }, release('v1', 2), spec)
    expect(printed(plan)).toEqual(['shift v2:100% → v1:100% (1 → 2)', 'gate v1[0,1] 5'])
  })

  it('starts those of a warm release first that ended meanwhile', () => {
    const warm = { ...live('v1', 2), serving: [0] }
    const plan = blueGreen({ live: live('v2', 1), others: [warm] }, release('v1', 2), spec)
    expect(printed(plan)).toEqual([
      'start v1[1]',
      'wait v1[1]',
      'shift v2:100% → v1:100% (1 → 2)',
      'gate v1[0,1] 5',
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
      'shift v1:100% → v1:99% v2:1% (4 → 4 1)',
      'gate v2[0] 10',
      'start v2[1]',
      'wait v2[1]',
      'shift v1:99% v2:1% → v1:50% v2:50% (4 1 → 2 2)',
      'gate v2[0,1] until-promoted',
      'start v2[2,3]',
      'wait v2[2,3]',
      'shift v1:50% v2:50% → v2:100% (2 2 → 4)',
      'gate v2[0,1,2,3] 0',
      'drain v1[0,1,2,3]',
      'stop v1[0,1,2,3]',
    ])
  })

  it('keeps the old set warm where that is asked for', () => {
    const plan = canary({ live: live('v1', 1), others: [] }, release('v2', 1), {
      ...canarySpec,
      warmMs: 60_000,
    })
    expect(printed(plan).at(-1)).toBe('gate v2[0] 0')
    expect(plan.keeps).toEqual({ release: 'v1', warmMs: 60_000 })
  })

  it('has nobody to compare with when nothing serves yet', () => {
    expect(printed(canary({ others: [] }, release('v1', 1), canarySpec))).toEqual([
      'start v1[0]',
      'wait v1[0]',
      'shift nothing → v1:100% (0 → 1)',
    ])
  })
})

describe('a preview', () => {
  const preview = { host: '127.0.0.1', port: 9_090 }

  it('is open from when the first instances are ready until everything else is done', () => {
    const now = { live: live('v1', 2), others: [] }
    expect(
      printed(canary(now, release('v2', 2), { ...canarySpec, preview })).filter((step) =>
        /^(?:wait|shift|stop|\w+-preview)/.test(step),
      ),
    ).toEqual([
      'wait v2[0]',
      'open-preview v2[0] 9090',
      'shift v1:100% → v1:99% v2:1% (2 → 2 1)',
      'shift v1:99% v2:1% → v1:50% v2:50% (2 1 → 1 1)',
      'wait v2[1]',
      'shift v1:50% v2:50% → v2:100% (1 1 → 2)',
      'stop v1[0,1]',
      'close-preview v2[0] 9090',
    ])
  })

  it('is for a candidate: the first release has none', () => {
    const plan = rolling({ others: [] }, release('v1', 1), { ...rollingSpec, preview })
    expect(printed(plan).join()).not.toContain('preview')
  })
})
