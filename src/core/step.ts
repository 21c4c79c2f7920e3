import type { ReleaseId, ServiceName } from './names.ts'
import type { Abortable, Clock } from './clock.ts'
import type { Opinion } from './judge.ts'
import type { Answer, Asked, AskOptions, Occasion } from './asking.ts'
import type { Verdict } from './gate.ts'
import type { StepData, StepKind } from './plan.ts'
import type { Release } from './release.ts'
import type { Router } from './router.ts'
import type { Counts } from './traffic.ts'
import type { Runtime } from './runtime.ts'

/** What a step may touch. */
export interface World {
  readonly service: ServiceName
  readonly runtime: Runtime
  readonly router: Router
  readonly clock: Clock
  /** Runs one change of the route at a time, whoever wants it: a route is read, changed and applied whole. */
  exclusive<T>(work: () => Promise<T>): Promise<T>
  /** Finds a release by its id; rejects with `release-unknown`. */
  release(id: ReleaseId): Promise<Release>
  /** Asks somebody outside, as `Gate` promises. */
  ask(question: Asked, occasion: Occasion, options: AskOptions): Promise<Answer>
  /** What the judge says of the rollout now; `undefined` when none compares. */
  opinion(): Opinion | undefined
  /** What the router had counted of a release when the rollout began. */
  baseline(id: ReleaseId): Counts
}

export interface StepOptions extends Abortable {
  /** Fires when a person promotes: a hold ends at once, its question answered as it stands. */
  readonly hurry?: AbortSignal
  /** Tells a person what is going on, in a few words. */
  readonly report?: (progress: string) => void
}

/** One reversible change to the world. Every verb may be repeated safely. */
export interface Step<Data extends StepData = StepData> {
  /** Makes the change. A `no` undoes the rollout; what it throws does too. */
  do(data: Data, world: World, options: StepOptions): Promise<Verdict>
  /** Takes the change back, whether it was finished or only begun. */
  undo(data: Data, world: World, options: StepOptions): Promise<void>
  /** Is the change in place? Asked on resume about a step that was begun and not finished. */
  verify(data: Data, world: World): Promise<boolean>
  /** What it does, in a few words: `start 3 × v2`. */
  describe(data: Data): string
}

/** Every kind of step, so that a forgotten one is a type error. */
export type Steps = { readonly [Kind in StepKind]: Step<Extract<StepData, { kind: Kind }>> }
