import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { ProblemJson } from '../../core/problem.ts'
import type { ListeningSocket } from '../listening-socket.ts'
import type { HealthMark } from '../plane/data-plane-port.ts'
import type { FromWorker, ToWorker } from '../worker-messages.ts'
import { SUPERVISOR_FLAGS } from '../supervisor-flags.ts'
import type { FromHeir, ToHeir, Will } from './messages.ts'
import { upgradeFailed } from './upgrade-failed.ts'

export interface HeirPlan {
  /** The Node that runs it, and the proxy's program to run. */
  readonly node: string
  readonly program: string
  readonly arguments: readonly string[]
  /** How long it has to prove itself and to take over, together. */
  readonly withinMs: number
}

/** What is asked of an upgrade; after it, the connections of the old proxy have `drainMs`. */
export type UpgradePlan = Omit<HeirPlan, 'arguments'> & { readonly drainMs: number }

/** What an heir must have to prove itself. */
export interface Estate {
  readonly sockets: readonly ListeningSocket[]
  readonly marks: readonly HealthMark[]
}

/**
 * A new proxy, as the one that gives way to it sees it: a child of its own, because Node passes sockets to children
 * only, but in a session of its own, so that it goes on alone when its parent has ended.
 */
export class Heir {
  readonly #child: ChildProcess
  readonly #deadline: AbortSignal
  readonly #withinMs: number

  constructor({ node, program, withinMs, ...plan }: HeirPlan) {
    this.#withinMs = withinMs
    this.#deadline = AbortSignal.timeout(withinMs)
    this.#child = fork(program, [...plan.arguments, '--heir'], {
      execPath: node,
      execArgv: [...SUPERVISOR_FLAGS],
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Resolves when it carries traffic as it should. Rejects with `upgrade-failed`. */
  async prove({ sockets, marks }: Estate): Promise<void> {
    const proven = this.#says('ready')
    for (const { address, origin, handle } of sockets) {
      this.#child.send({ kind: 'socket', address, origin }, handle, undefined, () => undefined)
    }
    this.#send({ kind: 'estate', marks })
    await proven
  }

  /** Resolves when it has taken over. Rejects with `upgrade-failed`. */
  async take(will: Will): Promise<void> {
    const taken = this.#says('taken')
    this.#send({ kind: 'take', will })
    await taken
  }

  /** From now on it is the one who gives orders. */
  obey(hear: (message: ToWorker) => void): void {
    this.#child.on('message', hear)
    this.#child.on('error', () => undefined)
  }

  tell(message: FromWorker): void {
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }

  /** Ends it; its workers end with it. Resolves when it is gone. */
  async end(): Promise<void> {
    const child = this.#child
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  #send(message: ToHeir): void {
    this.#child.send(message, () => undefined)
  }

  #says(kind: 'ready' | 'taken'): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const child = this.#child
    const fail = (why: string, cause?: ProblemJson | Error): void =>
      reject(upgradeFailed(this.pid, why, cause))
    const hear = (message: FromHeir): void => {
      if (message.kind === kind) resolve()
      if (message.kind === 'unfit') fail(message.problem.message, message.problem)
    }
    const exit = (code: number | null, signal: string | null): void =>
      fail(`it ended with ${signal ?? `exit status ${code}`}`)
    const error = (cause: Error): void => fail(cause.message, cause)
    const late = (): void => fail(`it was not ready within ${this.#withinMs / 1000}s`)
    child.on('message', hear).once('exit', exit).once('error', error)
    this.#deadline.addEventListener('abort', late)
    if (this.#deadline.aborted) late()
    return promise.finally(() => {
      child.off('message', hear).off('exit', exit).off('error', error)
      this.#deadline.removeEventListener('abort', late)
    })
  }
}
