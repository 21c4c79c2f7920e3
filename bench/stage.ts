import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { identify, isAlive } from '../src/lib/process-identity.ts'
import { processTree } from './process-tree.ts'

/** A folder and the processes of one run: what is started here is gone when it ends, however it ends. */
export class Stage {
  readonly folder: string
  readonly #children: Set<ChildProcess> = new Set()
  #isOver = false

  private constructor(folder: string) {
    this.folder = folder
  }

  static async open(): Promise<Stage> {
    return new Stage(await mkdtemp(join(tmpdir(), 'midflight-bench-')))
  }

  /** Resolves when the process exists. Rejects when there is no such program, or when the stage has ended. */
  async start(
    program: string,
    words: readonly string[],
    options: SpawnOptions = {},
  ): Promise<ChildProcess> {
    if (this.#isOver) throw new Error(`${program} is not started any more: this is the end`)
    const child = spawn(program, words, { stdio: 'ignore', ...options })
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    await once(child, 'spawn')
    return child
  }

  /** Runs a program and resolves with what it wrote to its standard output. Rejects when it ends with another status than 0. */
  async run(program: string, words: readonly string[]): Promise<string> {
    const child = await this.start(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    const output = child.stdout ? await text(child.stdout) : ''
    const [status, signal] = (await ended) as [number | null, string | null]
    if (status === 0) return output
    throw new Error(`${program} ended with ${status ?? signal}: ${output.slice(0, 300)}`)
  }

  /** Ends a process and all it started, at once. Resolves when nothing of it is left. */
  async kill(child: ChildProcess): Promise<void> {
    if (child.pid === undefined) return
    // The first one first: it may replace what it loses.
    const tree = processTree(child.pid).map((pid) => identify(pid))
    const living = tree.filter((one) => one !== undefined)
    for (const one of living) if (isAlive(one)) process.kill(one.pid, 'SIGKILL')
    while (living.some((one) => isAlive(one))) await setTimeout(5)
  }

  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all([...this.#children].map((child) => this.kill(child)))
    await rm(this.folder, { recursive: true, force: true })
  }
}
