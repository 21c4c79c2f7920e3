import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { RolloutEvent } from '../../src/core/event.ts'
import type { ProblemJson } from '../../src/core/problem.ts'
import type { Rollout, RolloutState } from '../../src/core/rollout.ts'

/** What one line of `midflight deploy --json` may be. */
type Line = RolloutEvent | { readonly event?: never; readonly problem: ProblemJson }

export interface Ending {
  readonly exitStatus: number
  readonly rollout: Rollout
  readonly state: Extract<RolloutState, { phase: 'finished' }>
}

/** A verb that goes on for as long as its rollout does; what it prints can be waited for. */
export class Telling {
  readonly #child: ChildProcess
  readonly #words: string
  readonly #lines: Line[] = []
  readonly #exit: Promise<number>
  #isOver = false
  #more: PromiseWithResolvers<void> = Promise.withResolvers()

  constructor(folder: string, words: readonly string[]) {
    this.#words = words.join(' ')
    this.#child = spawn(process.execPath, [resolve('bin/midflight.js'), ...words, '--json'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#exit = this.#listen()
  }

  /** Resolves when a line so far, or one to come, passes. Rejects when it ended without one. */
  async until(test: (line: Line) => boolean): Promise<void> {
    for (let at = 0; ; at += 1) {
      while (at === this.#lines.length) {
        if (this.#isOver) throw new Error(`it never came to that: ${this.#story()}`)
        await this.#more.promise
      }
      const line = this.#lines[at]
      if (line && test(line)) return
    }
  }

  /** How the rollout ended. Rejects when there was none. */
  async ending(): Promise<Ending> {
    const exitStatus = await this.#exit
    const last = this.#lines.at(-1)
    if (last?.event !== 'finished' || last.rollout.state.phase !== 'finished')
      throw new Error(`no rollout ended: ${this.#story()}`)
    return { exitStatus, rollout: last.rollout, state: last.rollout.state }
  }

  /** The Problem for which it was refused. */
  async refusal(): Promise<{ readonly exitStatus: number; readonly problem: ProblemJson }> {
    const exitStatus = await this.#exit
    const last = this.#lines.at(-1)
    if (!last || last.event !== undefined) throw new Error(`it was not refused: ${this.#story()}`)
    return { exitStatus, problem: last.problem }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exit
  }

  async #listen(): Promise<number> {
    const ended = once(this.#child, 'close')
    if (!this.#child.stdout) throw new Error('its output is no pipe')
    const lines = createInterface({ input: this.#child.stdout })
    lines.on('line', (line) => {
      if (line.startsWith('{')) this.#lines.push(JSON.parse(line) as Line)
      this.#wake()
    })
    const [exitStatus] = (await ended) as [number | null]
    this.#isOver = true
    this.#wake()
    return exitStatus ?? -1
  }

  #wake(): void {
    const { resolve: wake } = this.#more
    this.#more = Promise.withResolvers()
    wake()
  }

  #story(): string {
    return `midflight ${this.#words} said\n${this.#lines.map((line) => JSON.stringify(line)).join('\n')}`
  }
}
