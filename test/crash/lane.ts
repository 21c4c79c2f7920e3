import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apiClient } from '../../src/api/client.ts'
import type { Status } from '../../src/api/contract.ts'
import { specFor } from '../../src/cli/spec-for.ts'
import type { Rollout } from '../../src/core/rollout.ts'
import { leftovers } from '../../src/prove/demo/leftovers.ts'
import { makeWorkspace, type Workspace } from '../../src/prove/demo/workspace.ts'
import { bindSocket, type ListeningSocket } from '../../src/proxy/listening-socket.ts'
import type { SmallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'
import { ControllerProcess, type Seat } from './controller-process.ts'
import type { Plot, Told } from './plot.ts'

type Hearing = (told: Told) => Promise<void>

/** One service of its own, with its controller, proxy and instances; rollout after rollout is disturbed on it. */
export class Lane {
  readonly workspace: Workspace
  readonly disk: SmallDisk | undefined
  /** Holds the socket of the service, as systemd would, and accepts nothing. */
  readonly #socket: ListeningSocket
  #controller: ControllerProcess | undefined
  #hear: Hearing = async () => undefined

  private constructor(workspace: Workspace, socket: ListeningSocket, disk?: SmallDisk) {
    this.workspace = workspace
    this.#socket = socket
    this.disk = disk
  }

  /** Resolves when a first release serves. With a `diskOf` its state lies on the disk that this makes. */
  static async open(diskOf?: (directory: string) => SmallDisk): Promise<Lane> {
    const workspace = await makeWorkspace()
    const { stateDirectory, listen } = workspace
    await mkdir(stateDirectory, { recursive: true, mode: 0o700 })
    const lane = new Lane(workspace, await bindSocket(listen), diskOf?.(stateDirectory))
    await lane.startController({})
    await lane.rollOut(AT_ONCE)
    return lane
  }

  get stateDirectory(): string {
    return this.workspace.stateDirectory
  }

  get folder(): string {
    return this.workspace.folder
  }

  get controller(): ControllerProcess {
    if (!this.#controller) throw new Error('there is no controller')
    return this.#controller
  }

  /** Who is told what a controller of this lane says. */
  hear(hear: Hearing): void {
    this.#hear = hear
  }

  /** The one before it must be gone. One that cannot start is tried again, as a service manager would. */
  async startController(plot: Plot): Promise<void> {
    const seat = this.#seat
    for (let left = STARTS; ; left -= 1) {
      this.#controller = new ControllerProcess(seat, plot, async (told) => this.#hear(told))
      if (await this.#controller.ready()) return
      if (left === 1) throw new Error(`no controller starts: ${await this.said()}`)
    }
  }

  /** What a controller says that must not start. */
  async refusal(): Promise<string> {
    const seat = this.#seat
    const refused = new ControllerProcess(seat, {}, async () => undefined)
    if (!(await refused.ready())) return this.said()
    await refused.kill()
    return 'nothing: it started'
  }

  /** A path of the service, or the controller's greeting. */
  async call<T>(path?: string, body?: unknown): Promise<T> {
    const client = apiClient({ socketPath: join(this.stateDirectory, 'api.sock') })
    const whole = path === undefined ? '/v1' : `/v1/services/demo/${path}`
    return client.call<T>(body === undefined ? 'GET' : 'POST', whole, body)
  }

  async status(): Promise<Status> {
    return this.call<Status>('status')
  }

  async lastRollout(): Promise<Rollout | undefined> {
    return (await this.call<readonly Rollout[]>('history?limit=1'))[0]
  }

  async beginDeploy(rollout: string): Promise<void> {
    await this.workspace.write({ version: 'v', rollout })
    // The preflight comes before the first entry: no moment is in it, and its instance would be one of three that are started.
    const { preflight: _, ...spec } = await specFor(this.folder)
    await this.call('deploy', { spec: { ...spec, ready: READY }, ifBusy: 'refuse' })
  }

  /** Deploys undisturbed. */
  async rollOut(rollout: string): Promise<void> {
    await this.beginDeploy(rollout)
    const last = await until(async () => this.lastRollout(), isOver)
    if (last?.state.phase !== 'finished' || last.state.outcome !== 'promoted')
      throw new Error(
        `a rollout that nothing disturbs went wrong: ${JSON.stringify(last?.state)}; ${await this.lastWords()}`,
      )
  }

  get #seat(): Seat {
    const said = join(this.folder, 'said.log')
    return { stateDirectory: this.stateDirectory, socket: this.#socket.fd, said }
  }

  /** The ends of what the controllers and proxies logged and the instances of the last releases printed. */
  async lastWords(): Promise<string> {
    const logs = join(this.stateDirectory, 'logs', 'demo')
    const last = (await readdir(logs)).toSorted(byNumber).slice(-4)
    const said = last.map(async (file) => `${file}: ${await endOf(join(logs, file), 200)}`)
    const proxy = join('proxy', 'proxy.log')
    const logged = ['controller.log', proxy].map(
      async (file) => `${file}: ${await endOf(join(this.stateDirectory, file), 6_000)}`,
    )
    return [(await Promise.all(said)).join('; '), ...(await Promise.all(logged))].join('\n  ')
  }

  /** The end of what its controllers printed. */
  async said(): Promise<string> {
    return (await readFile(this.#seat.said, 'utf8')).slice(-1_000)
  }

  /** Ends everything; whatever is left is an error, and is removed. */
  async close(): Promise<void> {
    await apiClient({ socketPath: join(this.stateDirectory, 'api.sock') }).call('POST', '/v1/down')
    await this.controller.gone
    this.#socket.close()
    const left = leftovers(this.folder)
    for (const each of left) process.kill(Number.parseInt(each, 10), 'SIGKILL')
    await this.disk?.remove()
    await this.workspace.remove()
    if (left.length > 0) throw new Error(`left after midflight down: ${left.join(', ')}`)
  }

  /** Removes what is left of a lane that cannot be closed. */
  async destroy(): Promise<void> {
    await this.controller.kill()
    for (const each of leftovers(this.folder)) process.kill(Number.parseInt(each, 10), 'SIGKILL')
    // Until then its disk cannot be taken away.
    await until(
      async () => leftovers(this.folder),
      (left) => left.length === 0,
    )
    this.#socket.close()
    await this.disk?.remove()
    await this.workspace.remove()
  }
}

const STARTS = 3

async function endOf(file: string, length: number): Promise<string> {
  return (await readFile(file, 'utf8')).slice(-length)
}

const AT_ONCE = '{ strategy: rolling, batch: 2, surge: 2, bake: 0s }'

/** Fast, so that more rollouts fit into the time; and calm, since the machine is busy. */
const READY = {
  path: '/readyz',
  intervalMs: 100,
  timeoutMs: 5_000,
  up: 1,
  down: 3,
  startupMs: 30_000,
}

/** v14 comes after v9. */
const byNumber = new Intl.Collator('en', { numeric: true }).compare

export function isOver(rollout: Rollout | undefined): boolean {
  return rollout?.state.phase === 'finished'
}
