import type { Instance } from '../core/instance.ts'
import { ALL, instanceId, type InstanceId, type ServiceName } from '../core/names.ts'
import type { Release } from '../core/release.ts'
import type { ServiceRecord } from '../core/store.ts'
import type { Crew } from './crew.ts'
import type { Tools } from './tools.ts'
import { worldOf } from './world.ts'

const EACH_MS = 1_000
const LONGEST_MS = 30_000

/** Keeps what is meant to be: replaces instances that end, ends what was kept warm long enough. */
export class Keeper {
  readonly #tools: Tools
  readonly #crew: Crew
  /** When an instance may be started again, and how long it waits after that: it doubles while it keeps ending. */
  readonly #waits = new Map<InstanceId, { readonly untilMs: number; readonly nextMs: number }>()

  constructor(tools: Tools, crew: Crew) {
    this.#tools = tools
    this.#crew = crew
  }

  /** Looks after every service each second until the signal fires. */
  async keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const record of await this.#tools.services.list()) {
        await this.#look(record).catch((error: unknown) => {
          // Tried again a second later; whoever operates it must be able to see why.
          this.#tools.log('could not look after the service', {
            service: record.spec.name,
            error: String(error),
          })
        })
      }
      await this.#tools.clock.sleep(EACH_MS, { signal }).catch(() => undefined)
    }
  }

  async #look(record: ServiceRecord): Promise<void> {
    const service = record.spec.name
    await this.#crew.alone(service, async () => {
      if (!this.#crew.isRunning(service)) await this.#endWarm(record)
    })
    for (const release of await this.#meant(service)) await this.#fill(release)
    if (!this.#crew.isRunning(service)) await this.#direct(service)
  }

  /** The releases whose instances are meant to run; during a rollout, the gate watches the new one. */
  async #meant(service: ServiceName): Promise<Release[]> {
    const record = await this.#tools.services.read(service)
    const ids = [record?.live, record?.warm?.release].filter((id) => id !== undefined)
    const found = await Promise.all(ids.map(async (id) => this.#tools.releases.read(service, id)))
    return found.filter((release) => release !== undefined)
  }

  async #fill(release: Release): Promise<void> {
    const instances = await this.#tools.runtime.list(release.service)
    const traffic = await this.#tools.router.read(release.service)
    for (let slot = 0; slot < release.spec.instances; slot += 1) {
      const id = instanceId(release.service, release.id, slot)
      const instance = instances.find((each) => each.id === id)
      const member = traffic?.route.instances.find((each) => each.id === id)
      const isIn = instance?.state.kind === 'running' && member?.generation === instance.generation
      // While a rollout moves instances itself, only one that ended under traffic is replaced.
      const isOurs =
        !this.#crew.isRunning(release.service) ||
        (member?.state === 'serving' && instance?.state.kind === 'ended')
      if (!isIn && isOurs && this.#mayStart(id)) await this.#start(release, slot, instance)
    }
  }

  /** A route that was lost with the proxy's snapshot is made again from what is meant to be. */
  async #direct(service: ServiceName): Promise<void> {
    const live = (await this.#tools.services.read(service))?.live
    const route = (await this.#tools.router.read(service))?.route
    if (live === undefined || !route || Object.keys(route.weights).length > 0) return
    const data = { kind: 'shift-traffic', from: {}, to: { [live]: ALL } } as const
    await this.#tools.steps['shift-traffic'].do(data, worldOf(this.#tools, service), {})
  }

  async #start(release: Release, slot: number, ended: Instance | undefined): Promise<void> {
    const world = worldOf(this.#tools, release.service)
    const data = { kind: 'start-instances', release: release.id, slots: [slot] } as const
    await this.#tools.steps['start-instances'].do(data, world, {})
    this.#tools.log('instance replaced', { release: release.id, slot, ended: ended?.state })
  }

  #mayStart(id: InstanceId): boolean {
    const now = this.#tools.clock.now()
    const wait = this.#waits.get(id)
    if (wait && now < wait.untilMs) return false
    const isCalm = !wait || now > wait.untilMs + LONGEST_MS
    const nextMs = isCalm ? EACH_MS : Math.min(LONGEST_MS, wait.nextMs * 2)
    this.#waits.set(id, { untilMs: now + nextMs, nextMs })
    return true
  }

  async #endWarm(record: ServiceRecord): Promise<void> {
    const { warm, ...rest } = record
    if (!warm || this.#tools.clock.now() < warm.untilMs) return
    const service = record.spec.name
    const instances = await this.#tools.runtime.list(service)
    const slots = instances.filter((each) => each.release === warm.release).map((each) => each.slot)
    const data = { kind: 'start-instances', release: warm.release, slots } as const
    await this.#tools.services.write(service, rest)
    await this.#tools.steps['start-instances'].undo(data, worldOf(this.#tools, service), {})
    this.#tools.log('warm release ended', { release: warm.release })
  }
}
