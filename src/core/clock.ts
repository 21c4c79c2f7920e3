/** Ends early what it is handed to: every telling or waiting verb takes it last. */
export interface Abortable {
  readonly signal?: AbortSignal
}

/** Time as a port, so that unit tests never sleep. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /**
   * Milliseconds since a moment that is the same for every process until the machine starts anew. It never jumps, whatever
   * is done to the clock of the machine: holds, deadlines and waits are measured by it.
   */
  steadyNow(): number
  /** Resolves after `ms` milliseconds. Rejects with the signal's reason when it fires first. */
  sleep(ms: number, options?: Abortable): Promise<void>
}
