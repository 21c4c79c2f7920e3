import type { BasisPoints } from './names.ts'
import type { Problem } from './problem.ts'

/** When the new release is too bad to go on. */
export interface GateSpec {
  /** Largest share of its answers that may be errors (5xx or none at all), 0 to 1. */
  readonly errors: number
  /** Fewer answers than this prove nothing. */
  readonly minRequests: number
}

/** A gate that says no is an expected outcome, so it is a value. */
export type Verdict =
  | { readonly kind: 'yes'; readonly note?: string }
  | { readonly kind: 'no'; readonly problem: Problem }
  /** Nobody can tell yet: the rollout pauses, and the step is done again when a person, or `untilMs`, resumes it. */
  | { readonly kind: 'hold'; readonly reason: string; readonly untilMs?: number }

export const yes: Verdict = { kind: 'yes' }

export function no(problem: Problem): Verdict {
  return { kind: 'no', problem }
}

/** A gate that the file sets up: who is asked, when, and what happens without an answer. */
export interface OutsideGate {
  /** What people call it; no two gates of a service have the same. */
  readonly name: string
  readonly when: 'before' | 'during' | 'after'
  /** The step that first gives the new release this share; `start`: before anything happens. Unset: each step. */
  readonly at?: BasisPoints | 'start'
  readonly question: Question
  /** Later than this is no answer; unset: whenever it comes. */
  readonly timeoutMs?: number
  /** How often it is asked during a step. */
  readonly everyMs: number
  readonly noAnswer: 'undo' | 'hold' | 'go-on'
}

/** Holds secrets (URLs, fields): never print one whole. */
export type Question =
  | CommandQuestion
  | WebhookQuestion
  | PrometheusQuestion
  | ApprovalQuestion
  | WindowQuestion
  | TrafficQuestion

export interface CommandQuestion {
  readonly kind: 'command'
  /** Run by `sh` in the release's directory, with its environment. Exit status 0 is yes. */
  readonly run: string
}

export interface WebhookQuestion {
  readonly kind: 'webhook'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface PrometheusQuestion {
  readonly kind: 'prometheus'
  /** Of the server, without `/api/v1/query`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly query: string
  readonly min?: number
  readonly max?: number
}

export interface ApprovalQuestion {
  readonly kind: 'approval'
  /** Who is to say yes. */
  readonly of: string
}

export interface WindowQuestion {
  readonly kind: 'window'
  /** Open in any of them; none: always. */
  readonly windows: readonly TimeWindow[]
  /** Closed in all of them. */
  readonly freezes: readonly Freeze[]
}

/** Every week, on these days. One that ends before it begins reaches into the next day. */
export interface TimeWindow {
  /** 0 is Sunday. */
  readonly days: readonly number[]
  /** Minutes since midnight. */
  readonly from: number
  readonly to: number
  /** As in the IANA time zone database: `Europe/Berlin`. */
  readonly zone: string
}

/** From the first minute of one day to the last of another, `2026-12-20`. */
export interface Freeze {
  readonly from: string
  readonly to: string
  readonly zone: string
  readonly why?: string
}

export interface TrafficQuestion {
  readonly kind: 'traffic'
  /** Requests that the new release must have got since the rollout began. */
  readonly requests: number
}
