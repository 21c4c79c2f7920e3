import type { Abortable } from './clock.ts'
import type { Question, TrafficQuestion } from './gate.ts'
import type { ReleaseId } from './names.ts'
import type { Release } from './release.ts'
import type { RolloutId } from './rollout.ts'

/** What is asked about. */
export interface Occasion {
  readonly rollout?: RolloutId
  /** The new one. Its `spec.env` holds secrets. */
  readonly release: Release
  readonly from?: ReleaseId
  /** In a few words: `before 25%`. */
  readonly step: string
}

export type Answer =
  | { readonly kind: 'yes'; readonly note?: string }
  | { readonly kind: 'no'; readonly why: string }
  /** Nothing that can be understood came in time. */
  | { readonly kind: 'none'; readonly why: string }
  /** Not before `untilMs`; then it is worth asking again. */
  | { readonly kind: 'later'; readonly why: string; readonly untilMs: number }

export interface AskOptions extends Abortable {
  /** Later than this is no answer; unset: whenever it comes. */
  readonly timeoutMs?: number
  /** Fires when a person promotes. */
  readonly hurry?: AbortSignal
}

/** Somebody outside who is asked whether a rollout may go on. */
export interface Gate<Subject extends Question> {
  /**
   * Whatever comes, also nonsense, too late or not at all, is an answer, and no answer holds a secret. Rejects only with
   * the reason of `signal`, once everything that was begun for the question has ended.
   */
  ask(question: Subject, occasion: Occasion, options: AskOptions): Promise<Answer>
}

/** Whom questions go to that the controller cannot answer itself. */
export type Asked = Exclude<Question, TrafficQuestion>

/** Every kind of gate, so that a forgotten one is a type error. */
export type Gates = {
  readonly [Kind in Asked['kind']]: Gate<Extract<Asked, { readonly kind: Kind }>>
}
