import type { InstanceId, ServiceName } from './names.ts'
import type { Abortable } from './clock.ts'
import type { Instance, Usage } from './instance.ts'
import type { Release } from './release.ts'
import type { StopSpec } from './service.ts'

/** Starts and ends instances. Instances outlive the controller; `list` finds them again. */
export interface Runtime {
  /**
   * Starts `slot` of `release` on a free port and resolves when its process exists, not when it is ready.
   * A slot that already runs is returned as it is; one that ended is started anew.
   * Rejects with a Problem when the process cannot be started.
   */
  start(release: Release, slot: number, options?: Abortable): Promise<Instance>
  /**
   * Ends an instance and all it started: `stop.signal`, after `stop.killMs` SIGKILL, to the whole group.
   * Resolves when nothing of it is left. An instance that is gone already is no error.
   */
  stop(id: InstanceId, stop: StopSpec, options?: Abortable): Promise<void>
  /** Reality: each instance that was started and not stopped, running or ended by itself; of all services unless one is named. */
  list(service?: ServiceName): Promise<readonly Instance[]>
  /** What an instance uses now; `undefined` when it does not run or the system cannot tell. */
  measure(id: InstanceId): Promise<Usage | undefined>
}
