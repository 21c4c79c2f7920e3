import type { Answer } from './answer.ts'

/** What a user of the service does. Counts and latencies are kept apart by it. */
export type Kind =
  | 'get'
  | 'get-fresh'
  | 'post'
  | 'post-fresh'
  | 'upload'
  | 'download'
  | 'events'
  | 'websocket'

/** One HTTP request, as data. */
export interface Call {
  readonly kind: Exclude<Kind, 'websocket'>
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  /** `kept` uses an idle connection of the pool, `fresh` opens one of its own. */
  readonly connection: 'kept' | 'fresh'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body
  /** What the app will note in the side-effect ledger when it does the work. */
  readonly effect?: Effect
  /** What is wrong with an answer that came whole; nothing when it is as it should be. */
  readonly check?: (answer: Answer) => string | undefined
}

export interface Body {
  readonly bytes: Buffer
  readonly framing: 'length' | 'chunked'
  /** How long sending it takes: 0 at once. */
  readonly overMs: number
}

export interface Effect {
  readonly id: string
  /** Of the body, where the ledger notes it. */
  readonly sha256?: string
}

/** One WebSocket: opened, spoken on for a while, closed by us. */
export interface Session {
  readonly kind: 'websocket'
  readonly path: string
  readonly lastsMs: number
  /** `echo`: numbered messages must come back in order. `silent`: it is only held open. */
  readonly talk: 'echo' | 'silent'
}

export type Task = Call | Session
