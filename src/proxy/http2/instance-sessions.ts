import type { InstanceAddress } from '../../core/address.ts'
import type { AnswerSink } from '../plane/answer-sink.ts'
import { InstanceSession } from './instance-session.ts'
import type { InstanceStream } from './instance-stream.ts'

/** When all of these are full, requests wait in the one with the fewest. */
const MOST_SESSIONS = 4

/** The few sessions over which all requests to one instance go. Another one is opened when the others are full. */
export class InstanceSessions {
  readonly #address: InstanceAddress
  readonly #sessions = new Set<InstanceSession>()

  constructor(address: InstanceAddress) {
    this.#address = address
  }

  begin(sink: AnswerSink): InstanceStream {
    return this.#chosen().begin(sink)
  }

  sweep(now: number): void {
    for (const session of this.#sessions) session.sweep(now)
  }

  /** Ends those without work, and the others after it. */
  leave(): void {
    for (const session of this.#sessions) session.leave()
  }

  #chosen(): InstanceSession {
    let least: InstanceSession | undefined
    let usable = 0
    for (const session of this.#sessions) {
      if (!session.usable) continue
      usable += 1
      if (session.roomy && (!least?.roomy || session.streams < least.streams)) least = session
      else least ??= session
    }
    return least && (least.roomy || usable >= MOST_SESSIONS) ? least : this.#open()
  }

  #open(): InstanceSession {
    const session = new InstanceSession(this.#address, (closed) => this.#sessions.delete(closed))
    this.#sessions.add(session)
    return session
  }
}
