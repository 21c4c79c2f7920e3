import type { RolloutEvent } from '../core/event.ts'
import type { JournalEntry } from '../core/journal.ts'
import type { Rollout } from '../core/rollout.ts'
import type { Steps } from '../core/step.ts'
import { stepFor } from './work.ts'

/** A rollout's events so far, told again from its journal: a watcher that comes late, or again, misses nothing. */
export function eventsOf(
  rollout: Rollout,
  entries: readonly JournalEntry[],
  steps: Steps,
): RolloutEvent[] {
  const whats = describePlan(rollout.plan, steps)
  const events: RolloutEvent[] = [{ event: 'planned', rollout, steps: whats }]
  for (const entry of entries) events.push(eventOf(entry, whats[entry.step] ?? ''))
  if (rollout.state.phase === 'finished') events.push({ event: 'finished', rollout })
  return events
}

export function describePlan(plan: Rollout['plan'], steps: Steps): string[] {
  return plan.steps.map((data) => stepFor(steps, data).describe(data))
}

function eventOf(entry: JournalEntry, what: string): RolloutEvent {
  const { step } = entry
  switch (entry.mark) {
    case 'begun':
      return { event: 'step', step, state: 'begun', what }
    case 'done':
      return {
        event: 'step',
        step,
        state: 'done',
        what,
        ...(entry.note !== undefined && { note: entry.note }),
      }
    case 'turned':
      return { event: 'turned', because: entry.because }
    case 'undo-begun':
      return { event: 'step', step, state: 'undoing', what }
    case 'undone':
      return { event: 'step', step, state: 'undone', what }
    case 'paused':
      return { event: 'paused', reason: entry.reason }
    case 'resumed':
      return { event: 'resumed' }
  }
}
