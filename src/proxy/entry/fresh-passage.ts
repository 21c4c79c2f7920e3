import { freshId } from './fresh-id.ts'
import { type Tracking, trackingLines } from './tracking.ts'
import { viaLine } from './via.ts'

/** So many are put together at once, as one text without seams: it is cut for each request and never walked through. */
const AHEAD = 256

const drawn = { text: '', at: 0, length: 0 }
/** Where the id stands in the lines of a passage. */
const ID_AT = 'X-Request-Id: '.length
const ID_CHARACTERS = 32

/** What an HTTP/1.1 request that says nothing of its way is given. */
export function freshPassage(): Tracking {
  if (drawn.at === drawn.text.length) draw()
  const at = drawn.at
  drawn.at += drawn.length
  return {
    requestId: drawn.text.slice(at + ID_AT, at + ID_AT + ID_CHARACTERS),
    lines: drawn.text.slice(at, drawn.at),
  }
}

function draw(): void {
  const via = viaLine(undefined, '1.1')
  const all = Array.from({ length: AHEAD }, () => {
    const id = freshId()
    return trackingLines(id.slice(0, ID_CHARACTERS), id.slice(ID_CHARACTERS)) + via
  })
  drawn.text = all.join('')
  drawn.at = 0
  drawn.length = drawn.text.length / AHEAD
}
