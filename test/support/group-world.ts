import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { IfBusy } from '../../src/engine/occupancy.ts'
import type { GroupEvent, GroupState } from '../../src/core/group.ts'
import type { Rollout } from '../../src/core/rollout.ts'
import type { RolloutSpec } from '../../src/core/rollout-spec.ts'
import type { ServiceSpec } from '../../src/core/service.ts'
import { Controller } from '../../src/engine/controller.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { removeSealed } from '../../src/lib/remove-sealed.ts'
import { aServiceIn } from './a-release.ts'
import { AT_ONCE } from './controlled.ts'
import { realWorld, type RealWorld } from './real-world.ts'
import { until } from './until.ts'

export const GOOD = `require('node:http').createServer((q, s) => s.end(process.env.MIDFLIGHT_RELEASE)).listen(process.env.PORT, '127.0.0.1')`
/** Like `GOOD`, but a request of `/slow` takes two seconds. */
export const SLOW = `require('node:http').createServer((q, s) => setTimeout(() => s.end(process.env.MIDFLIGHT_RELEASE), q.url === '/slow' ? 2000 : 0)).listen(process.env.PORT, '127.0.0.1')`
export const BAD = 'process.exit(3)'

/** It waits for a person with half of the traffic. */
export const WAITING: RolloutSpec = {
  strategy: 'canary',
  steps: [{ share: 5_000, hold: 'until-promoted' }],
  gate: { errors: 0.05, minRequests: 20 },
  bakeMs: 0,
}

/** What one member is besides an ordinary service; `app` is its source, and a worker takes no traffic. */
export type Set = Partial<ServiceSpec> & { readonly app?: string; readonly isWorker?: true }

type Finished = Extract<GroupState, { phase: 'finished' }>

/** Services of a test's own that roll out as one, on real processes and a real proxy. */
export class GroupWorld {
  readonly names: readonly string[]
  readonly real: RealWorld
  readonly #folder: string
  readonly #ports: readonly number[]
  #tools: Tools
  #controller: Controller

  private constructor(real: RealWorld, folder: string, ports: ReadonlyMap<string, number>) {
    this.real = real
    this.names = [...ports.keys()]
    this.#folder = folder
    this.#ports = [...ports.values()]
    this.#tools = real.tools()
    this.#controller = new Controller(this.#tools)
  }

  static async open(names: readonly string[]): Promise<GroupWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'midflight-group-'))
    const ports = new Map<string, number>()
    for (const name of names) {
      await mkdir(join(folder, name))
      ports.set(name, await freePort())
    }
    const world = new GroupWorld(await realWorld(), folder, ports)
    await world.controller.start()
    return world
  }

  get tools(): Tools {
    return this.#tools
  }

  get controller(): Controller {
    return this.#controller
  }

  /** A file that is not there until a test makes it. */
  get flag(): string {
    return join(this.#folder, 'flag')
  }

  /** The controller is stopped where it stands, and another one goes on, with these tools if they are given. */
  async changesController(tools?: Tools): Promise<void> {
    await this.#controller.stop()
    this.#tools = tools ?? this.real.tools()
    this.#controller = new Controller(this.#tools)
    await this.#controller.start()
  }

  spec(name: string, { app = GOOD, isWorker, ...set }: Set = {}): ServiceSpec {
    const port = this.#ports[this.names.indexOf(name)] ?? 0
    const ready = { path: '/', intervalMs: 50, timeoutMs: 2_000, up: 1, down: 3, startupMs: 10_000 }
    const spec = aServiceIn(join(this.#folder, name), {
      name,
      run: 'exec node -e "$APP"',
      env: { APP: app },
      listen: { host: '127.0.0.1', port },
      rollout: AT_ONCE,
      ready,
      ...set,
    })
    if (!isWorker) return spec
    const { listen: _, ...rest } = spec
    return { ...rest, ready: { ...ready, aliveMs: 200 } }
  }

  /** Rolls out all of them, with this said otherwise. Resolves with the number of the group, once it has begun. */
  async deploys(
    release: string,
    sets: Readonly<Record<string, Set>> = {},
    ifBusy: IfBusy = 'refuse',
  ): Promise<number> {
    const members = this.names.map((name) => ({ spec: this.spec(name, sets[name]), release }))
    return (await this.controller.deployGroup({ name: 'site', members }, ifBusy)).id
  }

  async ended(id: number): Promise<Finished> {
    const state = await until(
      async () => (await this.tools.groups.read(id))?.state,
      (each) => each?.phase === 'finished',
      90_000,
    )
    if (state?.phase !== 'finished') throw new Error('it has not ended')
    return state
  }

  /** What happened so far, in words. */
  async told(id: number): Promise<readonly string[]> {
    const events: GroupEvent[] = []
    const forget = await this.controller.watchGroup(id, (event) => events.push(event))
    forget()
    return events.map((each) =>
      each.event === 'member' ? `${each.mark} ${each.service}` : each.event,
    )
  }

  async lastOf(service: string): Promise<Rollout | undefined> {
    return (await this.tools.rollouts.list(service, { limit: 1 }))[0]
  }

  /** The last rollout of the service does this kind of step. */
  async isAt(service: string, release: string, kind: string): Promise<void> {
    await until(
      async () => this.lastOf(service),
      (last) =>
        last?.plan.to === release &&
        'step' in last.state &&
        last.plan.steps[last.state.step]?.kind === kind,
      60_000,
    )
  }

  /** The release of this name is made and recorded. */
  async isMade(service: string, release: string): Promise<void> {
    const read = async () => this.tools.releases.read(service, release)
    await until(read, (found) => found !== undefined)
  }

  async isLive(service: string, release: string): Promise<void> {
    await until(
      async () => (await this.tools.services.read(service))?.live,
      (live) => live === release,
      60_000,
    )
  }

  /** No rollout of the service runs. */
  async isIdle(service: string): Promise<void> {
    const last = async () => this.lastOf(service)
    await until(last, (rollout) => rollout?.state.phase === 'finished', 60_000)
  }

  /** What a user of this service gets. */
  async answer(service: string, path = '/'): Promise<string> {
    const port = this.#ports[this.names.indexOf(service)]
    const headers = { connection: 'close' }
    return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).text()
  }

  async answers(): Promise<readonly string[]> {
    return Promise.all(this.names.map(async (name) => this.answer(name)))
  }

  /** Every instance of the release ends at once, and the proxy has seen it. */
  async kills(service: string, release: string): Promise<void> {
    for (const { release: of, state } of await this.tools.runtime.list(service))
      if (of === release && state.kind === 'running') process.kill(state.pid, 'SIGKILL')
    await until(
      async () => (await this.tools.router.read(service))?.instances,
      (all) => all?.every((each) => each.release !== release || each.health !== 'up') ?? false,
    )
  }

  /** These releases run, and none besides: `web v1`. */
  async runs(...wanted: readonly string[]): Promise<void> {
    await until(
      async () =>
        (await this.tools.runtime.list()).map((each) => `${each.service} ${each.release}`),
      (all) => all.toSorted().join() === wanted.join(),
    )
  }

  async end(): Promise<void> {
    await this.controller.stop()
    await this.real.dispose()
    await removeSealed(this.#folder)
  }
}

/** One for all tests of a block; it ends after the last one. */
export function groupForAll(names: readonly string[]): () => GroupWorld {
  let world: GroupWorld | undefined
  beforeAll(async () => {
    world = await GroupWorld.open(names)
  }, 60_000)
  afterAll(async () => world?.end(), 60_000)
  return () => {
    if (!world) throw new Error('it did not start')
    return world
  }
}
