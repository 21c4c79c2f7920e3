import type { Incident } from '../../core/incident.ts'
import type { RequestView, SenderView } from '../routing/views.ts'
import { pathShape } from './path-shape.ts'

/** So many are told at a time; more of them say no more, whichever release they are of. */
const MOST = 200

/** A request that was answered, and who asked. */
export interface Asked {
  readonly head: RequestView
  readonly sender: SenderView
}

/** The incidents that one worker has seen of a service and not told yet. */
export class Incidents {
  /** Answers that come later than this are incidents. */
  slowMs: number = Infinity
  readonly #userOf: (asked: Asked) => string
  #untold: Incident[] = []

  /** `userOf` tells users apart. */
  constructor(userOf: (asked: Asked) => string) {
    this.#userOf = userOf
  }

  /** Whether such an answer is one. On the way of every request: two comparisons. */
  concern(status: number, firstByteMs: number): boolean {
    return status >= 400 || status === 0 || firstByteMs > this.slowMs
  }

  note(asked: Asked, of: Pick<Incident, 'release' | 'instance'>, status: number): void {
    if (this.#untold.length >= MOST) return
    const { method, target } = asked.head
    this.#untold.push({
      atMs: Date.now(),
      release: of.release,
      instance: of.instance,
      user: this.#userOf(asked),
      what: kindOf(status),
      status,
      path: `${method} ${pathShape(target)}`,
    })
  }

  /** What came since it was last taken. */
  take(): readonly Incident[] {
    if (this.#untold.length === 0) return []
    const told = this.#untold
    this.#untold = []
    return told
  }
}

function kindOf(status: number): Incident['what'] {
  if (status >= 500 || status === 0) return 'error'
  return status >= 400 ? 'refusal' : 'slow'
}
