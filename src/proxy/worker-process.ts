import { fork, type ChildProcess } from 'node:child_process'
import { sibling } from '../lib/sibling.ts'
import type { HealthMark, Tally } from './plane/data-plane-port.ts'
import type { ListeningSocket } from './listening-socket.ts'
import type { FromWorker, Orders, ToWorker } from './worker-messages.ts'

/** Orders together with the sockets they need, which do not travel as text. */
export interface SealedOrders extends Orders {
  readonly sockets: ReadonlyMap<string, ListeningSocket>
}

export interface WorkerListener {
  onMessage(worker: WorkerProcess, message: FromWorker): void
  onExit(worker: WorkerProcess, how: string): void
}

/** One worker process as its supervisor sees it. */
export class WorkerProcess {
  readonly bornAtMs: number = Date.now()
  readonly #child: ChildProcess
  readonly #sent = new Set<string>()
  #obeyed = -1
  #tally: Tally = {}

  constructor(listener: WorkerListener) {
    this.#child = fork(sibling(import.meta.url, 'worker'), { execArgv: [] })
    this.#child.on('message', (message: FromWorker) => {
      this.#learn(message)
      listener.onMessage(this, message)
    })
    this.#child.once('error', (error) => listener.onExit(this, error.message))
    this.#child.once('exit', (code, signal) => listener.onExit(this, signal ?? `code ${code}`))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** The version of the last orders it said it obeys; -1 before it said so for the first time. */
  get obeyed(): number {
    return this.#obeyed
  }

  /** What it last said it saw. */
  get tally(): Tally {
    return this.#tally
  }

  /** Sends each socket once; messages arrive in the order they are sent. */
  obey(orders: SealedOrders): void {
    const { sockets, version, routes, marks } = orders
    for (const socket of sockets.values()) {
      if (this.#sent.has(socket.key)) continue
      this.#sent.add(socket.key)
      this.#send({ kind: 'hold', key: socket.key }, socket)
    }
    const doors = [...sockets].map(([service, { key }]) => ({ service, key }))
    this.#send({ kind: 'obey', orders: { version, routes, marks }, doors })
  }

  mark(marks: readonly HealthMark[]): void {
    this.#send({ kind: 'mark', marks })
  }

  /** Accepts nothing more, finishes what runs, and ends; after `limitMs` in any case. */
  leave(limitMs: number): void {
    this.#send({ kind: 'leave', limitMs })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #learn(message: FromWorker): void {
    if (message.kind === 'obeyed') this.#obeyed = message.version
    if (message.kind === 'obeyed' || message.kind === 'tally') this.#tally = message.tally
  }

  /** A message to a worker that has just died reaches nobody; its end is told by `onExit`, and a new one asks anew. */
  #send(message: ToWorker, socket?: ListeningSocket): void {
    this.#child.send(message, socket?.handle, undefined, () => undefined)
  }
}
