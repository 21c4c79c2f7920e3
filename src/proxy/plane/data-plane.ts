import { randomBytes } from 'node:crypto'
import type { Server } from 'node:net'
import type { ServiceName } from '../../core/names.ts'
import type { Route } from '../../core/route.ts'
import type {
  DataPlane,
  DataPlaneOptions,
  HealthMark,
  ServiceTally,
  Tally,
  TallyNews,
} from './data-plane-port.ts'
import type { ServiceCredentials } from '../tls/credentials.ts'
import type { ServiceSightDelta, SightDelta } from '../sight/sight-delta.ts'
import type { RoutingTools } from '../routing/routing.ts'
import { toolsWith } from '../routing/tools-with.ts'
import { ServicePlane } from './service-plane.ts'
import { Sweep } from './sweep.ts'

const SWEEP_MS = 250

/** Carries HTTP/1.1 and HTTP/2 between clients and instances, over sockets and bytes, in this process alone. */
export function createDataPlane(options: DataPlaneOptions): DataPlane {
  return new SocketDataPlane(options)
}

class SocketDataPlane implements DataPlane {
  readonly #options: DataPlaneOptions
  readonly #services = new Map<ServiceName, ServicePlane>()
  readonly #sweep = new Sweep(SWEEP_MS, (now) => this.#visit(now))
  #tools: RoutingTools = toolsWith(randomBytes(32))
  readonly #routed = new Set<ServiceName>()
  readonly #over: ServiceName[] = []
  #drained: PromiseWithResolvers<void> | undefined
  #patienceMs = 0

  constructor(options: DataPlaneOptions) {
    this.#options = options
    this.#sweep.start()
  }

  serve(service: ServiceName, server: Server): void {
    this.#planeOf(service).serve(server)
  }

  serveInside(service: ServiceName, server: Server): void {
    this.#planeOf(service).serveInside(server)
  }

  redirect(service: ServiceName, server: Server): void {
    this.#planeOf(service).redirect(server)
  }

  equip(service: ServiceName, credentials: ServiceCredentials | undefined): void {
    const plane = credentials ? this.#planeOf(service) : this.#services.get(service)
    plane?.equip(credentials)
  }

  sign(key: Buffer): void {
    this.#tools = { ...this.#tools, key }
  }

  apply(routes: readonly Route[]): void {
    const routed = new Set(routes.map((route) => route.service))
    for (const route of routes) this.change(route.service, route)
    for (const service of this.#services.keys()) {
      if (!routed.has(service)) this.change(service, undefined)
    }
  }

  change(service: ServiceName, route: Route | undefined): void {
    if (!route) {
      this.#routed.delete(service)
      return this.#services.get(service)?.remove()
    }
    this.#routed.add(service)
    const plane = this.#planeOf(service)
    plane.apply(route, this.#tools)
    if (this.#drained) plane.leave(this.#patienceMs)
  }

  mark(marks: readonly HealthMark[], service?: ServiceName): void {
    if (service !== undefined) {
      const plane = this.#services.get(service)
      for (const mark of marks) plane?.mark(mark)
      return
    }
    for (const mark of marks) {
      for (const plane of this.#services.values()) plane.mark(mark)
    }
  }

  tally(): Tally {
    return Object.fromEntries(
      [...this.#services].map(([service, plane]) => [service, plane.tally()] as const),
    )
  }

  takeTally(): TallyNews {
    const tally: Record<ServiceName, ServiceTally> = {}
    for (const [service, plane] of this.#services) {
      const changed = plane.takeTally()
      if (changed) tally[service] = changed
    }
    return { tally, over: this.#over.splice(0) }
  }

  takeSight(): SightDelta | undefined {
    let delta: Record<ServiceName, ServiceSightDelta> | undefined
    for (const [service, plane] of this.#services) {
      const taken = plane.tallies.sight.take()
      if (taken) (delta ??= {})[service] = taken
    }
    return delta
  }

  drain(patienceMs: number): Promise<void> {
    this.#drained ??= Promise.withResolvers()
    this.#patienceMs = patienceMs
    this.#sweep.ref()
    for (const plane of this.#services.values()) plane.leave(patienceMs)
    this.#endWhenQuiet()
    return this.#drained.promise
  }

  dismiss(withinMs: number): void {
    for (const plane of this.#services.values()) plane.instances.dismiss(withinMs)
  }

  #planeOf(service: ServiceName): ServicePlane {
    const known = this.#services.get(service)
    if (known) return known
    const plane = new ServicePlane(this.#options)
    this.#services.set(service, plane)
    return plane
  }

  #visit(now: number): void {
    for (const [service, plane] of this.#services) {
      plane.sweep(now)
      if (!plane.leaving || !plane.quiet || this.#routed.has(service)) continue
      this.#services.delete(service)
      this.#over.push(service)
    }
    this.#endWhenQuiet()
  }

  #endWhenQuiet(): void {
    if (!this.#drained || ![...this.#services.values()].every((plane) => plane.quiet)) return
    for (const plane of this.#services.values()) plane.instances.closeIdle()
    this.#sweep.stop()
    this.#drained.resolve()
  }
}
