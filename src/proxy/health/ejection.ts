import type { OutlierSpec } from '../../core/balance.ts'

/** That an instance is out because requests fail on it, and for how long. Times in milliseconds since the Unix epoch. */
export interface Ejection {
  readonly reason: string
  /** In a row: each time is longer than the one before. */
  readonly times: number
  readonly untilMs: number
}

/**
 * The nth ejection in a row is n × `ejectMs` long, at most `mostMs`. For each `ejectMs` that went well after the last
 * one, the row is one shorter: who fails now and then is not punished like one that fails again and again.
 */
export function nextEjection(
  last: Ejection | undefined,
  reason: string,
  nowMs: number,
  { ejectMs, mostMs }: OutlierSpec,
): Ejection {
  const forgiven = last ? Math.max(0, Math.floor((nowMs - last.untilMs) / ejectMs)) : 0
  const before = Math.min(last?.times ?? 0, Math.ceil(mostMs / ejectMs))
  const times = Math.max(0, before - forgiven) + 1
  return { reason, times, untilMs: nowMs + Math.min(times * ejectMs, mostMs) }
}
