import type { Abortable } from './clock.ts'
import type { ReleaseId, ServiceName } from './names.ts'
import type { NotifySpec, Occasion } from './notify-spec.ts'
import type { ProblemJson } from './problem.ts'
import type { Ledger, Rollout, RolloutId } from './rollout.ts'

/** What somebody is told of a rollout. */
export interface Notice {
  /** The same when it is sent again, so that whoever gets it twice can tell. */
  readonly id: string
  readonly occasion: Occasion
  readonly atMs: number
  readonly service: ServiceName
  readonly rollout: RolloutId
  readonly kind: Rollout['kind']
  readonly from?: ReleaseId
  readonly to: ReleaseId
  /** Who asked for the rollout. */
  readonly by?: string
  /** All of it in a sentence or two. */
  readonly text: string
  readonly because?: Pick<ProblemJson, 'code' | 'message' | 'hint'>
  readonly ledger?: Ledger
}

/** Brings notices to people. */
export interface Notifier<Spec extends NotifySpec = NotifySpec> {
  /**
   * Resolves when the other side has taken it. Rejects with `notice-undelivered` otherwise, with `notice-refused` when sending
   * it again cannot help, and with the signal's reason when that fires. No message names a secret.
   */
  send(spec: Spec, notice: Notice, options: Abortable): Promise<void>
}

/** One for each way, so that a forgotten one is a type error. */
export type Notifiers = {
  readonly [By in NotifySpec['by']]: Notifier<Extract<NotifySpec, { by: By }>>
}

/** A notice for one recipient. */
export interface Letter {
  /** Unique within its rollout. */
  readonly name: string
  readonly spec: NotifySpec
  readonly notice: Notice
}

export interface Posted extends Letter {
  readonly id: number
  readonly madeAtMs: number
  readonly dueAtMs: number
  /** How often it was tried and failed. */
  readonly tries: number
}

/** What became of a try: `dueAtMs` is when the next one is, unset when it was the last. */
export type Settlement =
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly failure: string; readonly dueAtMs?: number }

/**
 * Letters on the disk until they are delivered: none is forgotten when the controller dies. A controller that was overtaken
 * can neither write nor see what waits (`lease-lost`), so that it sends nothing beside the next one.
 */
export interface Outbox {
  /** Those it has had already, delivered or not, are left as they are. */
  add(letters: readonly Letter[]): Promise<void>
  /** Those that are not delivered or given up, the next one first, at most `limit`. */
  waiting(limit: number): Promise<readonly Posted[]>
  settle(id: number, settlement: Settlement): Promise<void>
  /** Forgets what was made before that and waits no more. */
  prune(beforeMs: number): Promise<void>
}
