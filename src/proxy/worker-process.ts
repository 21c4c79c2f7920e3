import type { ServiceName } from '../core/names.ts'
import type { ServiceTally, Tally } from './plane/data-plane-port.ts'
import type { ServiceCredentials } from './tls/credentials.ts'
import type { Leave } from './leave.ts'
import type { ListeningSocket } from './listening-socket.ts'
import type { WorkerLine } from './worker-line.ts'
import type { FromWorker, HealthNews, Orders, ToWorker } from './worker-messages.ts'

/** Orders together with the sockets they need, which do not travel as text. */
export interface SealedOrders {
  readonly orders: Orders
  readonly sockets: readonly ListeningSocket[]
}

export interface WorkerListener {
  onMessage(worker: WorkerProcess, message: FromWorker): void
  onExit(worker: WorkerProcess, how: string): void
}

const SILENT_AFTER_MS = 15_000

/** One worker process as its supervisor sees it. */
export class WorkerProcess {
  readonly bornAtMs: number = Date.now()
  readonly #line: WorkerLine
  readonly #sent: Set<string>
  readonly #equipping = new Map<number, () => void>()
  #equipped = 0
  #obeyed = -1
  readonly #tally: Record<ServiceName, ServiceTally>

  /** `tally` is what it saw before it worked for this supervisor. */
  constructor(listener: WorkerListener, line: WorkerLine, tally: Tally = {}) {
    this.#line = line
    this.#sent = new Set(line.inherited)
    this.#tally = { ...tally }
    const hear = (message: FromWorker): void => {
      this.#learn(message)
      listener.onMessage(this, message)
    }
    line.listen(hear, (how) => {
      for (const settle of this.#equipping.values()) settle()
      listener.onExit(this, how)
    })
  }

  get pid(): number {
    return this.#line.pid
  }

  /** The version of the last orders it said it obeys; -1 before it said so for the first time. */
  get obeyed(): number {
    return this.#obeyed
  }

  /** What it last said it saw. */
  get tally(): Tally {
    return this.#tally
  }

  /** Sends each socket once that it was not born with; messages arrive in the order they are sent. */
  obey({ orders, sockets }: SealedOrders): void {
    for (const socket of sockets) {
      if (this.#sent.has(socket.key)) continue
      this.#sent.add(socket.key)
      this.#send({ kind: 'hold', key: socket.key }, socket)
    }
    this.#send({ kind: 'obey', orders })
  }

  /** Resolves when it has these credentials, is there no more, or does not say so in time. */
  async equip(service: ServiceName, credentials?: ServiceCredentials): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const number = (this.#equipped += 1)
    this.#equipping.set(number, resolve)
    const late = setTimeout(resolve, SILENT_AFTER_MS)
    this.#send({ kind: 'equip', number, service, ...(credentials && { credentials }) })
    await promise
    clearTimeout(late)
    this.#equipping.delete(number)
  }

  /** The key that signs sticky cookies. */
  sign(key: Buffer): void {
    this.#send({ kind: 'sign', key: key.toString('base64') })
  }

  /** Whether it can carry requests for this service: answered by `probed`. */
  probe(service: ServiceName, path: string): void {
    this.#send({ kind: 'probe', service, path })
  }

  mark(news: HealthNews): void {
    this.#send({ kind: 'mark', news })
  }

  /** Accepts nothing more, finishes what runs, and ends. */
  leave(leave: Leave): void {
    this.#send({ kind: 'leave', ...leave })
  }

  kill(): void {
    this.#line.kill()
  }

  #learn(message: FromWorker): void {
    if (message.kind === 'obeyed') this.#obeyed = message.version
    if (message.kind === 'equipped') this.#equipping.get(message.number)?.()
    if (message.kind !== 'tally') return
    for (const service of message.news.over) Reflect.deleteProperty(this.#tally, service)
    Object.assign(this.#tally, message.news.tally)
  }

  #send(message: ToWorker, socket?: ListeningSocket): void {
    this.#line.send(message, socket?.handle)
  }
}
