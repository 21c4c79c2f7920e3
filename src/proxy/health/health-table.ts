import type { InstanceId, ServiceName } from '../../core/names.ts'
import type { Route, RouteInstance } from '../../core/route.ts'
import type { HealthMark, Outlier } from '../plane/data-plane-port.ts'
import { CheckPace } from './check-pace.ts'
import { exclude, outliersIn, type Watched } from './exclude.ts'
import { HealthWatch, type WatchListener } from './health-watch.ts'

type Told = (mark: HealthMark, service: ServiceName) => void

/**
 * Whether each instance of each route can take traffic, checked in this one place for all workers.
 * Every instance is checked, the draining and the warm ones too. `onChange` hears each mark that changed.
 */
export class HealthTable {
  readonly #onChange: Told
  readonly #watches = new Map<InstanceId, HealthWatch>()
  readonly #services = new Map<ServiceName, Watched>()
  /** Those that never were up and do not look as if they soon would be. */
  readonly #failing = new Set<HealthWatch>()
  readonly #pace = new CheckPace({
    all: () => this.#watches.size,
    failing: () => this.#failing.size,
  })
  readonly #listener: WatchListener = {
    changed: (watch) => {
      if (watch.isFailing) this.#failing.add(watch)
      else this.#failing.delete(watch)
      this.#onChange(watch.mark, watch.service)
    },
    wentDown: (watch) => this.#damp(watch),
  }
  /** What an earlier table knew, by instance, until it is used. */
  readonly #past: Map<InstanceId, HealthMark>

  constructor(onChange: Told, past: readonly HealthMark[] = []) {
    this.#onChange = onChange
    this.#past = new Map(past.map((mark) => [mark.id, mark]))
  }

  /**
   * Checks the instances of this route, and for its service no others. One that is known keeps its state; a new one, or
   * one with another generation, begins `unproven`.
   */
  watch(route: Route): void {
    for (const watch of this.#obey(route)) watch.begin('soon')
  }

  /** The first instance of each is checked before the second of any: no service waits until others are through. */
  watchAll(routes: readonly Route[]): void {
    const all = routes.map((route) => this.#obey(route))
    const most = Math.max(0, ...all.map((watches) => watches.length))
    for (let slot = 0; slot < most; slot += 1) {
      for (const watches of all) watches[slot]?.begin('in turn')
    }
  }

  /** The service has no route any more. */
  forget(service: ServiceName): void {
    const before = this.#services.get(service)?.watches ?? []
    this.#services.delete(service)
    this.#endAllBut([], before)
  }

  /** A worker's connection was refused: out at once, everywhere. */
  refuse(mark: HealthMark): void {
    const watch = this.#watches.get(mark.id)
    if (watch?.instance.generation !== mark.generation) return
    watch.refuse(mark.reason ?? 'connection refused')
  }

  /**
   * A worker saw requests fail on an instance that passes its checks. What it saw is its own, but who goes is said here,
   * for all workers: each on its own could take out another one, and together all. A worker that is started later, or
   * had no such request yet, is told as well.
   */
  eject({ id, generation, reason }: Outlier): void {
    const watch = this.#watches.get(id)
    if (watch?.instance.generation !== generation) return
    const watched = this.#services.get(watch.service)
    if (watched) exclude(watch, reason, watched)
  }

  marksOf(service: ServiceName): readonly HealthMark[] {
    return (this.#services.get(service)?.watches ?? []).map((watch) => watch.mark)
  }

  close(): void {
    for (const service of this.#services.keys()) this.forget(service)
  }

  #obey(route: Route): readonly HealthWatch[] {
    const before = this.#services.get(route.service)?.watches ?? []
    const watches = route.instances.map((instance) => this.#watchOf(route, instance))
    this.#services.set(route.service, { route, watches })
    this.#endAllBut(watches, before)
    return watches
  }

  #watchOf(route: Route, instance: RouteInstance): HealthWatch {
    const known = this.#watches.get(instance.id)
    const ready = instance.ready ?? route.ready
    if (known?.isOf(instance)) {
      known.obey(ready)
      if (!outliersIn(route)) known.readmit()
      return known
    }
    const watch = new HealthWatch(instance, ready, {
      service: route.service,
      pace: this.#pace,
      past: this.#pastOf(instance),
      listener: this.#listener,
    })
    this.#watches.set(instance.id, watch)
    return watch
  }

  /** Who goes down again and again is not let in again and again. */
  #damp(watch: HealthWatch): void {
    const watched = this.#services.get(watch.service)
    const outliers = watched && outliersIn(watched.route)
    if (!outliers) return
    const reason = watch.exclusion.wentDown(outliers)
    if (reason !== undefined) exclude(watch, reason, watched)
  }

  #pastOf({ id, generation }: RouteInstance): HealthMark | undefined {
    const past = this.#past.get(id)
    this.#past.delete(id)
    return past?.generation === generation ? past : undefined
  }

  #endAllBut(kept: readonly HealthWatch[], before: readonly HealthWatch[]): void {
    const needed = new Set(kept)
    for (const watch of before) {
      if (needed.has(watch)) continue
      watch.end()
      this.#failing.delete(watch)
      const { id } = watch.instance
      if (this.#watches.get(id) === watch) this.#watches.delete(id)
    }
  }
}
