import type { ServiceName } from '../core/names.ts'
import type { HealthMark } from './plane/data-plane-port.ts'
import type { Log } from './proxy-log.ts'
import type { HealthNews } from './worker-messages.ts'

/** A worker that meets a refused connection acts at once by itself; the others may hear of it so much later. */
const WAIT_MS = 5

type Send = (news: HealthNews) => void

/** Marks that change together go to the workers in one message: at a start there are as many as instances. */
export class MarkBatch {
  readonly #log: Log
  readonly #send: Send
  readonly #waiting = new Map<ServiceName, HealthMark[]>()

  constructor(log: Log, send: Send) {
    this.#log = log
    this.#send = send
  }

  add(mark: HealthMark, service: ServiceName): void {
    this.#log('health', { ...mark })
    if (this.#waiting.size === 0) setTimeout(() => this.#flush(), WAIT_MS)
    const marks = this.#waiting.get(service)
    if (marks) marks.push(mark)
    else this.#waiting.set(service, [mark])
  }

  #flush(): void {
    const news = [...this.#waiting]
    this.#waiting.clear()
    this.#send(news)
  }
}
