import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parse, stringify } from 'yaml'
import { apiClient } from '../../src/api/client.ts'
import type { Status } from '../../src/api/contract.ts'
import type { ProblemJson } from '../../src/core/problem.ts'
import { leftovers } from '../../src/prove/demo/leftovers.ts'
import { midflight, type Spoken } from '../../src/prove/demo/midflight.ts'
import { makeWorkspace, type Version, type Workspace } from '../../src/prove/demo/workspace.ts'
import { isListening } from './is-listening.ts'
import { instanceRecords } from './instance-records.ts'
import { Telling } from './telling.ts'
import { type Traffic, trafficOn } from './traffic.ts'
import type { Strand } from '../../src/prove/arrivals.ts'

/** A version of the sample app; what else its midflight.yaml shall say stands in `file`. */
export interface AppVersion extends Omit<Version, 'rollout'> {
  readonly rollout?: string
  readonly file?: Readonly<Record<string, unknown>>
}

export const AT_ONCE = '{ strategy: rolling, batch: 2, surge: 2, bake: 0s }'

/** What there may be of a service outside its folder, and the records that reserve its ports. */
export interface Remains {
  readonly processes: readonly string[]
  readonly records: readonly string[]
  readonly isListening: boolean
}

export const NOTHING: Remains = { processes: [], records: [], isListening: false }

/** A real service in a folder of its own, handled by the command line as a user would. */
export class Shop {
  readonly workspace: Workspace
  readonly #tellings: Telling[] = []
  readonly #lasts: (() => Promise<void>)[] = []
  #traffic: Traffic | undefined

  private constructor(workspace: Workspace) {
    this.workspace = workspace
  }

  static async open(): Promise<Shop> {
    return new Shop(await makeWorkspace())
  }

  get folder(): string {
    return this.workspace.folder
  }

  /** Where its users reach it. */
  get url(): string {
    return `http://127.0.0.1:${this.workspace.listen.port}`
  }

  /** Puts this version into the folder, as a developer would; nothing is released. */
  async write({ file = {}, rollout = AT_ONCE, ...version }: AppVersion): Promise<void> {
    await this.workspace.write({ rollout, ...version })
    const path = join(this.folder, 'midflight.yaml')
    const written = parse(await readFile(path, 'utf8')) as Record<string, unknown>
    await writeFile(path, stringify({ ...written, ...file }))
  }

  /** Runs a verb to its end. */
  async says(...words: readonly string[]): Promise<Spoken> {
    return midflight(this.folder, words)
  }

  /** Runs a verb that must work. */
  async does(...words: readonly string[]): Promise<void> {
    const { exitStatus, lines } = await this.says(...words)
    if (exitStatus !== 0) throw new Error(`${words.join(' ')}: ${JSON.stringify(lines.at(-1))}`)
  }

  /** Runs a verb that must be refused, and resolves with the Problem it gave. */
  async isRefused(...words: readonly string[]): Promise<ProblemJson> {
    const { exitStatus, lines, errors } = await this.says(...words)
    const { problem } = lines.at(-1) as { problem: ProblemJson }
    expect({ exitStatus, errors }).toEqual({ exitStatus: 2, errors: '' })
    expect(`${problem.message}\n${problem.hint}`).not.toMatch(/^\s+at .*:\d+/m)
    return problem
  }

  /** Begins a verb that follows its rollout. */
  begins(...words: readonly string[]): Telling {
    const telling = new Telling(this.folder, words)
    this.#tellings.push(telling)
    return telling
  }

  /** The verb that was begun last. */
  get rollout(): Telling {
    const last = this.#tellings.at(-1)
    if (!last) throw new Error('nothing was begun')
    return last
  }

  /** What `midflight status --json` prints, without a process for each look. */
  async status(): Promise<Status> {
    const socketPath = join(this.workspace.stateDirectory, 'api.sock')
    return apiClient({ socketPath }).call<Status>('GET', '/v1/services/demo/status')
  }

  /** Users come, from now on until `traffic.proof()`. */
  async getsTraffic(mix?: readonly Strand[]): Promise<void> {
    this.#traffic = await trafficOn(this.workspace, mix)
  }

  get traffic(): Traffic {
    if (!this.#traffic) throw new Error('there is no traffic')
    return this.#traffic
  }

  /** Done when nothing runs any more, before the folder is removed. */
  atTheEnd(last: () => Promise<void>): void {
    this.#lasts.push(last)
  }

  async remains(): Promise<Remains> {
    return {
      processes: leftovers(this.folder),
      records: await instanceRecords(this.workspace.stateDirectory),
      isListening: await isListening(this.workspace.listen.port),
    }
  }

  /** Ends everything with `midflight down` and holds it to that: whatever is left fails the test, and is removed. */
  async end(): Promise<void> {
    this.#traffic?.abort()
    for (const telling of this.#tellings) await telling.kill()
    const { exitStatus, lines } = await this.says('down')
    const found = { exitStatus, said: lines.at(-1), ...(await this.remains()) }
    for (const each of found.processes) process.kill(Number.parseInt(each, 10), 'SIGKILL')
    for (const last of this.#lasts) await last()
    await this.workspace.remove()
    expect(found).toEqual({ exitStatus: 0, said: { ok: true }, ...NOTHING })
  }
}
