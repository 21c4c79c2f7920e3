import type { OutsideGate } from '../core/gate.ts'
import { ALL } from '../core/names.ts'
import type { PassGate, Plan, StepData } from '../core/plan.ts'
import type { RolloutSpec } from '../core/rollout-spec.ts'
import type { Strategy } from '../core/strategy.ts'

/** A part of a plan that gives the new release more than it had, up to the next such part. */
interface Stage {
  /** Where its `shift-traffic` stands, and where the last step of its watch does. */
  readonly first: number
  readonly last: number
  /** Shares of the new release, in basis points. */
  readonly from: number
  readonly to: number
}

/**
 * A strategy whose plans have the gates of the file in them: before traffic moves, while the new release is watched, and after that. After
 * a first release nobody is asked: there is nothing to go back to.
 */
export function withGates<Spec extends RolloutSpec>(strategy: Strategy<Spec>): Strategy<Spec> {
  return (now, next, spec) => placed(strategy(now, next, spec), spec.gates ?? [])
}

function placed(plan: Plan, gates: readonly OutsideGate[]): Plan {
  if (gates.length === 0) return plan
  const stages = stagesOf(plan)
  const asks = (when: OutsideGate['when'], stage: Stage): PassGate[] =>
    plan.from === undefined && when !== 'before'
      ? []
      : gates
          .filter((gate) => gate.when === when && isAt(gate, stage))
          .map((gate) => asking(plan, gate, `${when} ${stage.to / 100}%`))
  const steps = plan.steps.flatMap((data, index): StepData[] => {
    const begins = stages.filter(({ first }) => first === index)
    const ends = stages.filter(({ last }) => last === index)
    const within = stages.find(({ first, last }) => index >= first && index <= last)
    return [
      ...begins.flatMap((stage) => asks('before', stage)),
      data.kind === 'ask-gate' && within ? watched(data, asks('during', within)) : data,
      ...ends.flatMap((stage) => asks('after', stage)),
    ]
  })
  const start = gates.filter(({ at }) => at === 'start')
  return { ...plan, steps: [...start.map((gate) => asking(plan, gate, 'at the start')), ...steps] }
}

function stagesOf({ steps, to }: Plan): Stage[] {
  const shifts = steps.flatMap((data, first) => {
    if (data.kind !== 'shift-traffic') return []
    const shares = { from: data.from[to] ?? 0, to: data.to[to] ?? 0 }
    return shares.to > shares.from ? [{ first, ...shares }] : []
  })
  // Where no traffic moves, the whole plan is one step.
  if (shifts.length === 0) shifts.push({ first: 0, from: 0, to: ALL })
  return shifts.map((shift, index) => {
    const next = shifts[index + 1]?.first ?? steps.length
    const watch = steps.findLastIndex((data, at) => at < next && data.kind === 'ask-gate')
    return { ...shift, last: Math.max(shift.first, watch) }
  })
}

/** The step that reaches the share first; every step when none is named. */
function isAt({ at }: OutsideGate, { from, to }: Stage): boolean {
  return at === undefined || (at !== 'start' && from < at && at <= to)
}

function asking({ from, to: release }: Plan, gate: OutsideGate, moment: string): PassGate {
  const asks = gate.question.kind
  return {
    kind: 'pass-gate',
    release,
    ...(from !== undefined && { from }),
    gate: gate.name,
    asks,
    moment,
  }
}

function watched(
  data: Extract<StepData, { kind: 'ask-gate' }>,
  during: readonly PassGate[],
): StepData {
  return during.length === 0 ? data : { ...data, during }
}
