import type { Clock } from '../core/clock.ts'
import type { Gates } from '../core/asking.ts'
import { approvalGate } from '../drivers/gates/approval/approval-gate.ts'
import { commandGate } from '../drivers/gates/command/command-gate.ts'
import { prometheusGate } from '../drivers/gates/prometheus/prometheus-gate.ts'
import { webhookGate } from '../drivers/gates/webhook/webhook-gate.ts'
import { windowGate } from '../drivers/gates/window/window-gate.ts'

/** Whom each kind of question goes to. */
export function gates(clock: Clock): Gates {
  return {
    approval: approvalGate,
    command: commandGate,
    prometheus: prometheusGate,
    webhook: webhookGate,
    window: windowGate(clock),
  }
}
