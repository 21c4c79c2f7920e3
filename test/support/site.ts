import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GroupEvent } from '../../src/core/group.ts'
import type { Address } from '../../src/core/address.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { removeSealed } from '../../src/lib/remove-sealed.ts'
import { killController } from '../../src/prove/demo/chaos.ts'
import { leftovers } from '../../src/prove/demo/leftovers.ts'
import { midflight, type Spoken } from '../../src/prove/demo/midflight.ts'
import type { Workspace } from '../../src/prove/demo/workspace.ts'
import { demoMix } from '../../src/prove/demo-mix.ts'
import type { ProofReport } from '../../src/prove/judge.ts'
import { type Traffic, trafficOn } from './traffic.ts'

const PER_SECOND = 20
const SERVICES = ['accounts', 'orders', 'web'] as const

type Service = (typeof SERVICES)[number]

interface Member {
  readonly folder: string
  readonly listen: Address
  readonly ledger: string
}

/** Three services in folders of their own, one controller, and the file that makes them a group. */
export class Site {
  readonly folder: string
  readonly #members: ReadonlyMap<Service, Member>
  #traffics: readonly Traffic[] = []

  private constructor(folder: string, members: ReadonlyMap<Service, Member>) {
    this.folder = folder
    this.#members = members
  }

  /** With this version of all three live. */
  static async open(version: string): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), 'midflight-site-'))
    const members = new Map<Service, Member>()
    for (const service of SERVICES) {
      members.set(service, {
        folder: join(folder, service),
        listen: { host: '127.0.0.1', port: await freePort() },
        ledger: join(folder, `${service}.log`),
      })
    }
    const site = new Site(folder, members)
    await writeFile(
      join(folder, 'midflight.group.yaml'),
      `group: site\nservices: [${SERVICES.join(', ')}]\n`,
    )
    for (const service of SERVICES) await site.write(service, version)
    await site.does('up', '--detach', '--no-deploy')
    await site.does('deploy', '--group', '--release', version)
    return site
  }

  /** Puts this version into the folder of one service, as a developer would. */
  async write(service: Service, version: string, behaviour: object = {}): Promise<void> {
    const { folder, listen, ledger } = this.#member(service)
    await cp('examples/01-node-service', folder, { recursive: true })
    await writeFile(ledger, '', { flag: 'a' })
    await writeFile(join(folder, 'version.txt'), `${version}\n`)
    await writeFile(join(folder, 'behaviour.json'), JSON.stringify(behaviour))
    const lines = [
      `service: ${service}`,
      'run: node server.js',
      'instances: 1',
      `listen: ${listen.host}:${listen.port}`,
      `env: { LEDGER: ${JSON.stringify(ledger)} }`,
      'ready: { path: /readyz, interval: 250ms, up: 2, startup: 30s }',
      'stop: { drain: 15s, kill: 5s }',
      'rollout: { strategy: rolling, bake: 0s }',
      '',
    ]
    await writeFile(join(folder, 'midflight.yaml'), lines.join('\n'))
  }

  async says(...words: readonly string[]): Promise<Spoken> {
    return midflight(this.folder, words)
  }

  async does(...words: readonly string[]): Promise<void> {
    const { exitStatus, lines, errors } = await this.says(...words)
    if (exitStatus !== 0) throw new Error(`${words.join(' ')}: ${errors}${JSON.stringify(lines)}`)
  }

  /** Deploys the group; `hear` is told each event at once. Resolves with the exit status and every event. */
  async deploys(
    release: string,
    hear: (event: GroupEvent) => void = () => undefined,
  ): Promise<{ readonly exitStatus: number; readonly events: readonly GroupEvent[] }> {
    const spoken = await midflight(
      this.folder,
      ['deploy', '--group', '--release', release],
      (line) => {
        hear(line as GroupEvent)
      },
    )
    return { exitStatus: spoken.exitStatus, events: spoken.lines as GroupEvent[] }
  }

  /** As a crash would end it; the next one is started as a service manager would. */
  async losesItsController(): Promise<void> {
    const stateDirectory = join(this.folder, '.midflight')
    await killController({ folder: this.folder, stateDirectory } as Workspace)
  }

  /** Users come to all three, from now on until `proof()`. */
  async getsTraffic(): Promise<void> {
    const all = [...this.#members.values()].map(async (member, index) => {
      // Only the short requests: what becomes of long ones does not depend on how many services there are.
      const mix = demoMix({ perSecond: PER_SECOND, run: `site-${index}-${Date.now()}` }).slice(0, 4)
      return trafficOn(member as unknown as Workspace, mix)
    })
    this.#traffics = await Promise.all(all)
  }

  /** What the users of each saw. */
  async proof(): Promise<readonly ProofReport[]> {
    return Promise.all(this.#traffics.map(async (traffic) => traffic.proof()))
  }

  /** The versions that answer now, in the order of the services. */
  async versions(): Promise<readonly (string | null)[]> {
    const all = [...this.#members.values()].map(async ({ listen }) => {
      const response = await fetch(`http://${listen.host}:${listen.port}/`, {
        headers: { connection: 'close' },
      })
      await response.body?.cancel()
      return response.headers.get('x-version')
    })
    return Promise.all(all)
  }

  /** Ends everything; resolves with what is still running, which must be nothing. */
  async end(): Promise<readonly string[]> {
    for (const traffic of this.#traffics) traffic.abort()
    await this.says('down')
    const left = leftovers(this.folder)
    for (const each of left) process.kill(Number.parseInt(each, 10), 'SIGKILL')
    await removeSealed(this.folder)
    return left
  }

  #member(service: Service): Member {
    const member = this.#members.get(service)
    if (!member) throw new Error(`the site has no ${service}`)
    return member
  }
}
