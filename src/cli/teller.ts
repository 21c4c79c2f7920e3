import type { RolloutEvent } from '../core/event.ts'

/** Tells a person, or a program, what happens. */
export interface Teller {
  tell(event: RolloutEvent): void
  away(): void
}
