import type { ReadySpec } from '../../core/service.ts'
import type { HealthMark } from '../plane/data-plane-port.ts'
import type { Finding } from './health-check.ts'

/** What is known of an instance's health: its state, and how many good or bad checks it has had in a row. */
export interface Health {
  readonly state: HealthMark['health']
  readonly reason?: string
  readonly good: number
  readonly bad: number
}

export const UNPROVEN: Health = { state: 'unproven', good: 0, bad: 0 }

/** An instance that never was up stays `unproven` however often it fails: it may still be starting. */
export function afterCheck(health: Health, finding: Finding, ready: ReadySpec): Health {
  if (finding.good) {
    const good = health.good + 1
    return good >= ready.up ? { state: 'up', good, bad: 0 } : { ...health, good, bad: 0 }
  }
  const bad = health.bad + 1
  if (health.state === 'up' && bad < ready.down) return { ...health, good: 0, bad }
  const state = health.state === 'unproven' ? 'unproven' : 'down'
  return { state, reason: finding.reason, good: 0, bad }
}

/** A refused connection is certain, so one is enough; the way back is the same as from any other fault. */
export function afterRefusal(health: Health, reason: string): Health {
  const state = health.state === 'unproven' ? 'unproven' : 'down'
  return { state, reason, good: 0, bad: health.bad + 1 }
}
