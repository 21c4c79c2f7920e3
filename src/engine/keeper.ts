import type { Instance } from '../core/instance.ts'
import { FEWEST_COMPARED } from '../core/judge.ts'
import { ALL, instanceId, type InstanceId, type ServiceName } from '../core/names.ts'
import type { Release } from '../core/release.ts'
import type { RouteInstance } from '../core/route.ts'
import type { World } from '../core/step.ts'
import type { ServiceRecord } from '../core/store.ts'
import type { Crew } from './crew.ts'
import { take } from './deploy.ts'
import type { Tools } from './tools.ts'
import { worldOf } from './world.ts'

const EACH_MS = 1_000
const LONGEST_MS = 30_000

/** Keeps what is meant to be: takes up rollouts, replaces instances that end, ends what was warm long enough. */
export class Keeper {
  readonly #tools: Tools
  readonly #crew: Crew
  /** When an instance may be started again, and how long it waits after that: it doubles while it keeps ending. */
  readonly #waits = new Map<InstanceId, { readonly untilMs: number; readonly nextMs: number }>()
  /** Why something could not be looked after, as the log has it already. */
  readonly #said = new Map<string, string>()
  /** When what is warm ends, by the clock that does not jump. */
  readonly #warmEnds = new Map<ServiceName, { readonly untilMs: number; readonly atMs: number }>()

  constructor(tools: Tools, crew: Crew) {
    this.#tools = tools
    this.#crew = crew
  }

  /** Looks after every service each second until the signal fires. */
  async keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#aloud('rollouts', async () => this.takeUp())
      await this.#aloud('services', async () => this.#lookAtAll(signal))
      await this.#tools.clock.sleep(EACH_MS, { signal }).catch(() => undefined)
    }
  }

  async #lookAtAll(signal: AbortSignal): Promise<void> {
    for (const { spec } of await this.#tools.services.list()) {
      await this.#aloud(spec.name, async () => this.#look(spec.name, signal))
    }
  }

  /** What fails is tried again a second later; whoever operates it must be able to see why, and to read the rest of the log. */
  async #aloud(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
      this.#said.delete(what)
    } catch (error) {
      if (this.#said.get(what) === String(error)) return
      this.#said.set(what, String(error))
      this.#tools.log('could not look after it', { what, error: String(error) })
    }
  }

  /** Goes on with rollouts that nobody executes: an earlier controller left them, or this one had to let go. */
  async takeUp(): Promise<void> {
    for (const service of await this.#tools.rollouts.unfinished()) {
      // One that cannot be taken up, because a newer version began it, keeps nobody from the others.
      await this.#aloud(`the rollout of ${service}`, async () => this.#takeUpOne(service))
    }
  }

  async #takeUpOne(service: ServiceName): Promise<void> {
    await this.#crew.alone(service, async () => {
      const [rollout] = await this.#tools.rollouts.list(service, { limit: 1 })
      if (!rollout || rollout.state.phase === 'finished') return
      if (this.#crew.isRunning(service)) return
      await take(this.#tools, this.#crew, rollout)
      this.#tools.log('rollout taken up', { rollout: rollout.id, state: rollout.state })
    })
  }

  async #look(service: ServiceName, signal: AbortSignal): Promise<void> {
    // Between rollouts nobody else moves instances, and none may begin while this one does.
    await this.#crew.alone(service, async () => {
      if (this.#crew.isRunning(service)) return
      await this.#endWarm(service, signal)
      for (const release of await this.#meant(service)) await this.#fill(release)
      await this.#direct(service)
    })
    if (!this.#crew.isRunning(service)) return
    const all = [...(await this.#meant(service)), ...(await this.#compared(service))]
    for (const release of all) await this.#replaceEnded(release)
  }

  /** The releases whose instances are meant to run; during a rollout, the gate watches the new one. */
  async #meant(service: ServiceName): Promise<Release[]> {
    const record = await this.#tools.services.read(service)
    const ids = [record?.live, record?.warm?.release].filter((id) => id !== undefined)
    const found = await Promise.all(ids.map(async (id) => this.#tools.releases.read(service, id)))
    return found.filter((release) => release !== undefined)
  }

  /** The new release of a rollout in which crashes are counted, not taken as a verdict each. */
  async #compared(service: ServiceName): Promise<Release[]> {
    const plan = this.#crew.planOf(service)
    if (!plan?.judge?.crashes) return []
    const serving = (await this.#members(service)).filter((each) => each.release === plan.to)
    // Of fewer the gate takes one that ended for a reason to go back, and must find it.
    if (serving.length < FEWEST_COMPARED) return []
    const release = await this.#tools.releases.read(service, plan.to)
    return release ? [release] : []
  }

  /** Every slot runs and is in the route. */
  async #fill(release: Release): Promise<void> {
    const instances = await this.#tools.runtime.list(release.service)
    const members = await this.#members(release.service)
    for (let slot = 0; slot < release.spec.instances; slot += 1) {
      const id = instanceId(release.service, release.id, slot)
      const instance = instances.find((each) => each.id === id)
      const member = members.find((each) => each.id === id)
      const isRunning = instance?.state.kind === 'running'
      const isIn = !release.spec.listen || member?.generation === instance?.generation
      if (!(isRunning && isIn) && this.#mayStart(id)) await this.#start(release, slot, instance)
    }
  }

  /**
   * While a rollout moves instances itself, only one that ended under traffic is replaced. Nobody changes the route between
   * the look and the start: the rollout would drain and stop the one that ended, and its successor would stay for ever.
   */
  async #replaceEnded(release: Release): Promise<void> {
    const { service } = release
    for (const { id, slot, state, release: of } of await this.#tools.runtime.list(service)) {
      if (of !== release.id || state.kind === 'running') continue
      const world = worldOf(this.#tools, service)
      await world.exclusive(async () => {
        const ended = (await this.#tools.runtime.list(service)).find((each) => each.id === id)
        const member = (await this.#members(service)).find((each) => each.id === id)
        const hasEnded = ended?.state.kind === 'ended' && member?.state === 'serving'
        if (!hasEnded || !this.#crew.isRunning(service) || !this.#mayStart(id)) return
        await this.#start(release, slot, ended, { ...world, exclusive: async (work) => work() })
      })
    }
  }

  async #members(service: ServiceName): Promise<readonly RouteInstance[]> {
    return (await this.#tools.router.read(service))?.route.instances ?? []
  }

  /** A route that was lost with the proxy's snapshot is made again from what is meant to be. */
  async #direct(service: ServiceName): Promise<void> {
    const live = (await this.#tools.services.read(service))?.live
    const route = (await this.#tools.router.read(service))?.route
    if (live === undefined || !route || Object.keys(route.weights).length > 0) return
    const data = { kind: 'shift-traffic', from: {}, to: { [live]: ALL } } as const
    await this.#tools.steps['shift-traffic'].do(data, worldOf(this.#tools, service), {})
  }

  async #start(
    release: Release,
    slot: number,
    ended: Instance | undefined,
    world: World = worldOf(this.#tools, release.service),
  ): Promise<void> {
    const data = { kind: 'start-instances', release: release.id, slots: [slot] } as const
    await this.#tools.steps['start-instances'].do(data, world, {})
    this.#tools.log('instance replaced', { release: release.id, slot, ended: ended?.state })
  }

  #mayStart(id: InstanceId): boolean {
    const now = this.#tools.clock.steadyNow()
    const wait = this.#waits.get(id)
    if (wait && now < wait.untilMs) return false
    const isCalm = !wait || now > wait.untilMs + LONGEST_MS
    const nextMs = isCalm ? EACH_MS : Math.min(LONGEST_MS, wait.nextMs * 2)
    this.#waits.set(id, { untilMs: now + nextMs, nextMs })
    return true
  }

  async #endWarm(service: ServiceName, signal: AbortSignal): Promise<void> {
    const record = await this.#tools.services.read(service)
    if (!record?.warm || (await this.#isInGroup(service))) return
    if (!this.#isOver(service, record.warm)) return
    const { warm, ...rest } = record
    const instances = await this.#tools.runtime.list(service)
    const slots = instances.filter((each) => each.release === warm.release).map((each) => each.slot)
    const data = { kind: 'start-instances', release: warm.release, slots } as const
    await this.#tools.steps['start-instances'].undo(data, worldOf(this.#tools, service), { signal })
    await this.#tools.services.write(service, rest)
    this.#warmEnds.delete(service)
    this.#tools.log('warm release ended', { release: warm.release })
  }

  /** What was promoted with a group may have to go back until the last member is. */
  async #isInGroup(service: ServiceName): Promise<boolean> {
    const groups = await this.#tools.groups.unfinished()
    return groups.some(({ members }) => members.some((member) => member.service === service))
  }

  /** What is left is read from the clock of the machine once; then its jumps neither end the warm time nor prolong it. */
  #isOver(service: ServiceName, warm: NonNullable<ServiceRecord['warm']>): boolean {
    const { clock } = this.#tools
    const known = this.#warmEnds.get(service)
    if (known?.untilMs === warm.untilMs) return clock.steadyNow() >= known.atMs
    const leftMs = Math.max(0, warm.untilMs - clock.now())
    this.#warmEnds.set(service, { untilMs: warm.untilMs, atMs: clock.steadyNow() + leftMs })
    return leftMs === 0
  }
}
