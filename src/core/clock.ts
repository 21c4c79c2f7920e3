/** Ends early what it is handed to: every telling or waiting verb takes it last. */
export interface Abortable {
  readonly signal?: AbortSignal
}

/** Time as a port, so that unit tests never sleep. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Resolves after `ms` milliseconds. Rejects with the signal's reason when it fires first. */
  sleep(ms: number, options?: Abortable): Promise<void>
}
