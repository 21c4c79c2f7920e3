import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { closeSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiClient } from '../../src/api/client.ts'
import type { Group } from '../../src/core/group.ts'
import { Problem } from '../../src/core/problem.ts'
import type { ServiceSpec } from '../../src/core/service.ts'
import type { Status } from '../../src/engine/status.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { removeSealed } from '../../src/lib/remove-sealed.ts'
import { leftovers } from '../../src/prove/demo/leftovers.ts'
import { aServiceIn } from './a-release.ts'
import { AT_ONCE } from './controlled.ts'
import type { Plot, Told } from './group-fate.ts'
import { BAD, GOOD } from './group-world.ts'
import { until } from './until.ts'

const NAMES = ['accounts', 'web'] as const

export type Ending = 'promoted' | 'undone'

/** A group of two on a controller in a process of its own, which dies as it is told. */
export class MortalGroup {
  readonly stateDirectory: string
  readonly #folder: string
  readonly #ports: readonly number[]
  #child: ChildProcess | undefined

  private constructor(folder: string, ports: readonly number[]) {
    this.#folder = folder
    this.#ports = ports
    this.stateDirectory = join(folder, 's')
  }

  /** With a first release of both live. `prepare` is told where the state will lie. */
  static async open(
    prepare: (stateDirectory: string) => void = () => undefined,
  ): Promise<MortalGroup> {
    const folder = await mkdtemp(join(tmpdir(), 'midflight-mortal-'))
    for (const name of ['s', ...NAMES]) await mkdir(join(folder, name), { mode: 0o700 })
    const group = new MortalGroup(folder, [await freePort(), await freePort()])
    prepare(group.stateDirectory)
    await group.starts()
    await group.begins('promoted')
    await group.ended(1)
    return group
  }

  /** The next controller, as a service manager would start it. */
  async starts(): Promise<void> {
    const path = join(this.#folder, 'said.log')
    const log = openSync(path, 'a')
    const program = join(import.meta.dirname, 'group-mortal-controller.ts')
    const child = spawn(process.execPath, [program, this.stateDirectory], {
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    this.#child = child
    const ready = await Promise.race([once(child, 'message'), once(child, 'exit')])
    if (ready[0] !== 'ready')
      throw new Error(`no controller starts: ${await readFile(path, 'utf8')}`)
  }

  /** Resolves when the controller obeys it from the next entry on. */
  async follows(plot: Plot): Promise<void> {
    if (!this.#child) throw new Error('there is no controller')
    const heard = once(this.#child, 'message')
    this.#child.send(plot)
    await heard
  }

  /** Calls `hear` with whatever this controller tells of. */
  hears(hear: (told: Told) => void): void {
    this.#child?.on('message', (told) => {
      if (typeof told === 'object') hear(told as Told)
    })
  }

  async died(): Promise<void> {
    const child = this.#child
    const isGone = async () => child?.signalCode === 'SIGKILL'
    await until(isGone, (is) => is, 60_000)
  }

  /** Deploys both. A controller that dies over it is no failure. */
  async begins(ending: Ending): Promise<void> {
    const apps = { accounts: GOOD, web: ending === 'promoted' ? GOOD : BAD }
    const members = NAMES.map((name) => ({ spec: this.#spec(name, apps[name]) }))
    await this.#call('POST', '/v1/groups', { name: 'site', members, ifBusy: 'refuse' }).catch(
      (error: unknown) => {
        if (!(error instanceof Problem) || error.code !== 'controller-missing') throw error
      },
    )
  }

  async newest(): Promise<Group | undefined> {
    return (await this.#call<readonly Group[]>('GET', '/v1/groups'))[0]
  }

  async ended(id: number): Promise<Group> {
    const newest = async () => this.newest()
    const group = await until(
      newest,
      (each) => each?.id === id && each.state.phase === 'finished',
      60_000,
    )
    if (!group) throw new Error('there is no group')
    return group
  }

  /** The releases that are live, in the order of the members. */
  async live(): Promise<readonly (string | undefined)[]> {
    return (await this.#status()).map(({ live }) => live)
  }

  /** One instance of each of these serves everybody, and nothing is left of any other. */
  async becomes(releases: readonly (string | undefined)[]): Promise<void> {
    const wanted = NAMES.map((name, index) => {
      const live = releases[index]
      return `${name}: ${live}, ${JSON.stringify({ [String(live)]: 10_000 })}, finished, ${name}.${live}.0 running serving up`
    })
    const now = async () => (await this.#status()).map(stateOf)
    await until(now, (all) => all.join() === wanted.join(), 30_000)
  }

  /** Users come until the returned function is called, which resolves with how many were not served. */
  getsTraffic(): () => Promise<number> {
    const over = new AbortController()
    const users = this.#ports.map(async (_, index) => {
      let failures = 0
      while (!over.signal.aborted) {
        const answer = await this.#answer(index).catch(() => 'failed')
        if (!/^v\d+$/.test(answer)) failures += 1
        await sleep(10)
      }
      return failures
    })
    return async () => {
      over.abort()
      return (await Promise.all(users)).reduce((sum, each) => sum + each, 0)
    }
  }

  /** Resolves with what is still running, which must be nothing. `dispose` is called when nobody needs the state any more. */
  async end(dispose: () => Promise<void> = async () => undefined): Promise<readonly string[]> {
    const child = this.#child
    await this.#call('POST', '/v1/down', {})
    if (child && child.exitCode === null) await once(child, 'exit')
    const left = leftovers(this.#folder)
    for (const each of left) process.kill(Number.parseInt(each, 10), 'SIGKILL')
    await dispose()
    await removeSealed(this.#folder)
    return left
  }

  #spec(name: (typeof NAMES)[number], app: string): ServiceSpec {
    const port = this.#ports[NAMES.indexOf(name)] ?? 0
    const ready = { path: '/', intervalMs: 50, timeoutMs: 5_000, up: 1, down: 3, startupMs: 30_000 }
    return aServiceIn(join(this.#folder, name), {
      name,
      run: 'exec node -e "$APP"',
      env: { APP: app },
      listen: { host: '127.0.0.1', port },
      rollout: AT_ONCE,
      ready,
    })
  }

  async #status(): Promise<readonly Status[]> {
    const all = NAMES.map(async (name) => this.#call<Status>('GET', `/v1/services/${name}/status`))
    return Promise.all(all)
  }

  async #answer(index: number): Promise<string> {
    const headers = { connection: 'close' }
    const answer = await fetch(`http://127.0.0.1:${this.#ports[index]}/`, { headers })
    return answer.text()
  }

  async #call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const socketPath = join(this.stateDirectory, 'api.sock')
    return apiClient({ socketPath }).call<T>(method, path, body)
  }
}

/** All that must be the same in the end; what is still warm is told as an instance of its own. */
function stateOf({ service, live, weights, instances, rollout }: Status): string {
  const each = instances.map(({ id, state, route, health }) =>
    [id, state.kind, route, health].join(' '),
  )
  return `${service}: ${live}, ${JSON.stringify(weights)}, ${rollout?.state.phase}, ${each.join('; ')}`
}
