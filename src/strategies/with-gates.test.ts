import { describe, expect, it } from 'vitest'
import type { OutsideGate } from '../core/gate.ts'
import type { StepData } from '../core/plan.ts'
import type { Release } from '../core/release.ts'
import type { BlueGreenSpec, CanarySpec, RollingSpec } from '../core/rollout-spec.ts'
import { blueGreen } from './blue-green.ts'
import { canary } from './canary.ts'
import { rolling } from './rolling.ts'
import { withGates } from './with-gates.ts'

const release = (id: string, instances: number) =>
  ({ service: 'shop', id, spec: { instances } }) as unknown as Release
const now = { live: { release: 'v1', slots: [0, 1] }, others: [] }
const common = { gate: { errors: 0.05, minRequests: 20 }, bakeMs: 10_000 }

function gate(when: OutsideGate['when'], at?: OutsideGate['at']): OutsideGate {
  return {
    name: `${when}-${at ?? 'each'}`,
    when,
    ...(at !== undefined && { at }),
    question: { kind: 'command', run: 'true' },
    everyMs: 1_000,
    noAnswer: 'hold',
  }
}

/** What moves or watches traffic, and the gates around it. */
function printed(steps: readonly StepData[]): string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'pass-gate') return [`${step.gate}: ${step.moment}`]
    if (step.kind === 'shift-traffic') return [`shift to ${(step.to['v2'] ?? 0) / 100}%`]
    if (step.kind !== 'ask-gate') return [step.kind]
    return [['watch', ...(step.during ?? []).map(({ gate: name }) => name)].join(' + ')]
  })
}

const climbing = (gates: readonly OutsideGate[]): string[] => {
  const spec: CanarySpec = {
    ...common,
    strategy: 'canary',
    steps: [{ share: 2_500, hold: 1_000 }],
    gates,
  }
  return printed(withGates(canary)(now, release('v2', 2), spec).steps)
}

describe('gates in a plan', () => {
  it('are asked at each step where the file names none', () => {
    expect(climbing([gate('before'), gate('during'), gate('after')])).toEqual([
      'start-instances',
      'wait-until-ready',
      'before-each: before 25%',
      'shift to 25%',
      'watch + during-each',
      'after-each: after 25%',
      'start-instances',
      'wait-until-ready',
      'before-each: before 100%',
      'shift to 100%',
      'watch + during-each',
      'after-each: after 100%',
      'drain',
      'stop-instances',
    ])
  })

  it('are asked before anything happens, at the first step that reaches a share, and at the end', () => {
    const asks = climbing([
      gate('before', 'start'),
      gate('before', 1_000),
      gate('during', 2_500),
      gate('after', 2_600),
      gate('before', 10_000),
    ])
    expect(asks).toEqual([
      'before-start: at the start',
      'start-instances',
      'wait-until-ready',
      'before-1000: before 25%',
      'shift to 25%',
      'watch + during-2500',
      'start-instances',
      'wait-until-ready',
      'before-10000: before 100%',
      'shift to 100%',
      'watch',
      'after-2600: after 100%',
      'drain',
      'stop-instances',
    ])
  })

  it('are asked around each batch of a rolling release', () => {
    const spec: RollingSpec = {
      ...common,
      strategy: 'rolling',
      batch: 1,
      surge: 1,
      gates: [gate('before'), gate('after', 5_000)],
    }
    const asks = printed(withGates(rolling)(now, release('v2', 2), spec).steps)
    expect(asks.filter((line) => line.includes(':'))).toEqual([
      'before-each: before 50%',
      'after-5000: after 50%',
      'before-each: before 100%',
    ])
    expect(asks.indexOf('after-5000: after 50%')).toBe(asks.indexOf('watch') + 1)
  })

  it('are asked before the old set of a blue-green release ends', () => {
    const gates = [gate('before'), gate('during'), gate('after')]
    const spec: BlueGreenSpec = { ...common, strategy: 'blue-green', warmMs: 0, gates }
    expect(printed(withGates(blueGreen)(now, release('v2', 2), spec).steps).slice(2, 6)).toEqual([
      'before-each: before 100%',
      'shift to 100%',
      'watch + during-each',
      'after-each: after 100%',
    ])
  })

  it('are asked only before a first release: there is nothing to go back to', () => {
    const gates = [gate('before', 'start'), gate('before'), gate('during'), gate('after')]
    const spec: BlueGreenSpec = { ...common, strategy: 'blue-green', warmMs: 0, gates }
    const { steps } = withGates(blueGreen)({ others: [] }, release('v2', 2), spec)
    expect(
      printed(steps).filter((line) => line.includes('-each') || line.includes('-start')),
    ).toEqual(['before-start: at the start', 'before-each: before 100%'])
  })

  it('name the gate and what it asks, and nothing that may be secret', () => {
    const question = { kind: 'webhook', url: 'https://ci.example/s3cret', headers: {} } as const
    const gates = [{ ...gate('before'), question }]
    const spec: BlueGreenSpec = { ...common, strategy: 'blue-green', warmMs: 0, gates }
    const plan = withGates(blueGreen)(now, release('v2', 1), spec)
    expect(JSON.stringify(plan)).toContain('before-each')
    expect(JSON.stringify(plan)).not.toContain('s3cret')
  })
})
