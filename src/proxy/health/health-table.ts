import type { InstanceId } from '../../core/names.ts'
import type { Route, RouteInstance } from '../../core/route.ts'
import type { HealthMark } from '../plane/data-plane-port.ts'
import { HealthWatch } from './health-watch.ts'

/**
 * Whether each instance of each route can take traffic, checked in this one place for all workers.
 * Every instance is checked, the draining and the warm ones too. `onChange` hears each mark that changed.
 */
export class HealthTable {
  readonly #onChange: (mark: HealthMark) => void
  #watches = new Map<InstanceId, HealthWatch>()

  constructor(onChange: (mark: HealthMark) => void) {
    this.#onChange = onChange
  }

  /**
   * Checks the instances of these routes and no others. One that is known keeps its state; a new one, or one with
   * another generation, begins `unproven`.
   */
  watch(routes: readonly Route[]): void {
    const before = this.#watches
    this.#watches = new Map()
    for (const route of routes) {
      for (const instance of route.instances) {
        this.#watches.set(instance.id, this.#watchOf(route, instance, before.get(instance.id)))
      }
    }
    for (const watch of before.values()) {
      if (this.#watches.get(watch.instance.id) !== watch) watch.end()
    }
  }

  /** A worker's connection was refused: out at once, everywhere. */
  refuse(mark: HealthMark): void {
    const watch = this.#watches.get(mark.id)
    if (watch?.instance.generation !== mark.generation) return
    watch.refuse(mark.reason ?? 'connection refused')
  }

  marks(): readonly HealthMark[] {
    return [...this.#watches.values()].map((watch) => watch.mark)
  }

  close(): void {
    this.watch([])
  }

  #watchOf(route: Route, instance: RouteInstance, known: HealthWatch | undefined): HealthWatch {
    const ready = instance.ready ?? route.ready
    if (!known?.isOf(instance)) {
      return new HealthWatch(route.service, instance, ready, this.#onChange)
    }
    known.obey(ready)
    return known
  }
}
