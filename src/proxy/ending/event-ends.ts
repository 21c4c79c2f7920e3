/** Each of the three ends a line (HTML, "Server-sent events", parsing); two of them end an event. */
const BLANK = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)/g
const AT_END = new RegExp(`${BLANK.source}$`)
const LONGEST = 4

/** Follows a stream of events by its last few bytes, and finds where an event ends when that is asked for. */
export class EventEnds {
  #tail = '\n\n'

  /** The last event is complete, and no other has begun. */
  get between(): boolean {
    return AT_END.test(this.#tail)
  }

  follow(bytes: Buffer): void {
    const last = bytes.toString('latin1', Math.max(0, bytes.length - LONGEST))
    this.#tail = (this.#tail + last).slice(-LONGEST)
  }

  /** Where in these bytes, which come next, the first event ends; -1 when none does. They are not followed. */
  endIn(bytes: Buffer): number {
    const text = this.#tail + bytes.toString('latin1')
    for (const { index, 0: blank } of text.matchAll(BLANK)) {
      const end = index + blank.length - this.#tail.length
      if (end > 0) return end
    }
    return -1
  }
}
