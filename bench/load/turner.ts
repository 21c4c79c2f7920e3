import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'

/** A process that works only when it is its turn, and is stopped from the beginning. */
export class Turner {
  #workedMs = 0
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>

  constructor(child: ChildProcess) {
    this.#child = child
    this.#ended = this.isOver ? Promise.resolve() : once(child, 'exit')
    child.kill('SIGSTOP')
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** How long it has worked in all. */
  get workedMs(): number {
    return this.#workedMs
  }

  /** Resolves after so long, or when it has ended by itself. */
  async work(ms: number): Promise<void> {
    if (!this.isOver) await this.#workUntil(setTimeout(ms))
  }

  /** Lets it work until it ends by itself. */
  async workToTheEnd(): Promise<void> {
    if (!this.isOver) await this.#workUntil(this.#ended)
  }

  async #workUntil(until: Promise<unknown>): Promise<void> {
    const startedAt = performance.now()
    this.#child.kill('SIGCONT')
    await Promise.race([until, this.#ended])
    this.#child.kill('SIGSTOP')
    this.#workedMs += performance.now() - startedAt
  }
}
