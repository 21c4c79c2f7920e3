import { fork, type ChildProcess } from 'node:child_process'
import type { ServiceName } from '../core/names.ts'
import { sibling } from '../lib/sibling.ts'
import type { HealthMark, ServiceTally, Tally } from './plane/data-plane-port.ts'
import type { ListeningSocket } from './listening-socket.ts'
import type { FromWorker, Orders, ToWorker } from './worker-messages.ts'

/** Orders together with the sockets they need, which do not travel as text. */
export interface SealedOrders {
  readonly orders: Orders
  readonly sockets: readonly ListeningSocket[]
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
  readonly #tally: Record<ServiceName, ServiceTally> = {}

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
  obey({ orders, sockets }: SealedOrders): void {
    for (const socket of sockets) {
      if (this.#sent.has(socket.key)) continue
      this.#sent.add(socket.key)
      this.#send({ kind: 'hold', key: socket.key }, socket)
    }
    this.#send({ kind: 'obey', orders })
  }

  /** The key that signs sticky cookies. */
  sign(key: Buffer): void {
    this.#send({ kind: 'sign', key: key.toString('base64') })
  }

  mark(service: ServiceName, marks: readonly HealthMark[]): void {
    this.#send({ kind: 'mark', service, marks })
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
    if (message.kind !== 'tally') return
    for (const service of message.news.over) Reflect.deleteProperty(this.#tally, service)
    Object.assign(this.#tally, message.news.tally)
  }

  /** A message to a worker that has just died reaches nobody; its end is told by `onExit`, and a new one asks anew. */
  #send(message: ToWorker, socket?: ListeningSocket): void {
    this.#child.send(message, socket?.handle, undefined, () => undefined)
  }
}
