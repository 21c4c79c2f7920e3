import type { ReadySpec } from '../../core/service.ts'
import type { HealthMark } from '../plane/data-plane-port.ts'
import type { Finding } from './finding.ts'

/** What is known of an instance's health: its state, and how many good or bad checks it has had in a row. */
export interface Health {
  readonly state: HealthMark['health']
  readonly reason?: string
  /** At the last look no connection could be made. */
  readonly unreachable?: true
  readonly good: number
  readonly bad: number
}

export const UNPROVEN: Health = { state: 'unproven', good: 0, bad: 0 }

/** An instance that never was up stays `unproven` however often it fails: it may still be starting. */
export function afterCheck(health: Health, finding: Finding, ready: ReadySpec): Health {
  if (finding.good) {
    const good = health.good + 1
    if (good >= ready.up) return { state: 'up', good, bad: 0 }
    const { unreachable: _, ...rest } = health
    return { ...rest, good, bad: 0 }
  }
  const bad = health.bad + 1
  if (health.state === 'up' && bad < ready.down) return { ...health, good: 0, bad }
  return {
    ...failed(health, finding.reason),
    ...(finding.unreachable && { unreachable: true }),
    bad,
  }
}

/** A refused connection is certain, so one is enough; the way back is the same as from any other fault. */
export function afterRefusal(health: Health, reason: string): Health {
  return { ...failed(health, reason), unreachable: true, bad: health.bad + 1 }
}

function failed({ state }: Health, reason: string): Omit<Health, 'bad'> {
  return { state: state === 'unproven' ? 'unproven' : 'down', reason, good: 0 }
}
