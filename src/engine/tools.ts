import type { Clock } from '../core/clock.ts'
import type { Groups } from '../core/group.ts'
import type { Gates } from '../core/asking.ts'
import type { Journal } from '../core/journal.ts'
import type { Judge } from '../core/judge.ts'
import type { ServiceName } from '../core/names.ts'
import type { Preflight } from '../core/preflight.ts'
import type { Notifiers, Outbox } from '../core/notifier.ts'
import type { Records } from '../core/record.ts'
import type { Workshop } from '../core/release.ts'
import type { Router } from '../core/router.ts'
import type { BlueGreenSpec, CanarySpec, RollingSpec } from '../core/rollout-spec.ts'
import type { Runtime } from '../core/runtime.ts'
import type { Steps } from '../core/step.ts'
import type { Lease, Releases, Rollouts, Services } from '../core/store.ts'
import type { Strategy } from '../core/strategy.ts'

/** Every port and every piece the engine is given; it makes none of them itself. */
export interface Tools {
  readonly runtime: Runtime
  readonly router: Router
  readonly workshop: Workshop
  readonly lease: Lease
  readonly journal: Journal
  readonly records: Records
  readonly outbox: Outbox
  readonly notifiers: Notifiers
  readonly releases: Releases
  readonly rollouts: Rollouts
  readonly services: Services
  readonly groups: Groups
  readonly clock: Clock
  readonly judge: Judge
  readonly gates: Gates
  readonly preflight: Preflight
  readonly strategies: Strategies
  readonly steps: Steps
  /** One change of a service's route at a time. */
  readonly exclusive: (service: ServiceName) => <T>(work: () => Promise<T>) => Promise<T>
  /** For the operator's log: what no user is waiting to hear. */
  readonly log: (message: string, data?: Readonly<Record<string, unknown>>) => void
}

export interface Strategies {
  readonly rolling: Strategy<RollingSpec>
  readonly 'blue-green': Strategy<BlueGreenSpec>
  readonly canary: Strategy<CanarySpec>
}
