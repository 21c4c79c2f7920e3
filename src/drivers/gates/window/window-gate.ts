import type { Clock } from '../../../core/clock.ts'
import type { Answer, Gate } from '../../../core/asking.ts'
import type { WindowQuestion } from '../../../core/gate.ts'
import { type Closure, closureAt } from './closure.ts'

/** The calendar: yes within a window and outside every freeze, else the minute from which on it is. */
export function windowGate(clock: Pick<Clock, 'now'>): Gate<WindowQuestion> {
  return {
    ask: async (question, _occasion, { signal }) => {
      signal?.throwIfAborted()
      const closure = closureAt(question, clock.now())
      return closure ? closed(closure, question) : { kind: 'yes' }
    },
  }
}

function closed({ freeze, untilMs }: Closure, { windows, freezes }: WindowQuestion): Answer {
  const because = freeze?.why === undefined ? '' : ` (${freeze.why})`
  const what = freeze ? `frozen${because}` : 'outside its windows'
  if (untilMs === undefined) return { kind: 'none', why: `${what}, and no window comes after it` }
  const zone = freeze?.zone ?? windows[0]?.zone ?? freezes[0]?.zone ?? 'UTC'
  return { kind: 'later', why: `${what} until ${moment(untilMs, zone)}`, untilMs }
}

/** `Mon 2026-11-23 09:00 Europe/Berlin`. */
function moment(ms: number, zone: string): string {
  const day = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short' }).format(ms)
  const time = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(ms)
  return `${day} ${time} ${zone}`
}
