import type { RolloutEvent } from '../core/event.ts'

/** After a reconnection the story is told again from its beginning; what was heard already is not said twice. */
export function oncePerEvent(): (event: RolloutEvent) => boolean {
  const heard = new Set<string>()
  return (event) => {
    const key = event.event === 'step' ? `${event.step} ${event.state}` : event.event
    // Pauses and their ends may come again and again, and progress always does.
    if (event.event === 'progress' || event.event === 'paused' || event.event === 'resumed')
      return true
    if (heard.has(key)) return false
    heard.add(key)
    return true
  }
}
