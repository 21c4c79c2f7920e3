import { isDeepStrictEqual } from 'node:util'
import { aSender } from '../vectors/a-sender.ts'
import { compare } from './compare.ts'
import { type Difference, explain } from './differences.ts'
import type { Reading } from './reading.ts'
import type { Other, Subject } from './subjects.ts'

/** What came of one input: where we are stricter, what is explained, and what is neither. */
export interface Outcome {
  readonly stricter: number
  readonly explained: readonly Difference[]
  readonly failure: string | undefined
}

/** Reads one input as it is split and whole, and compares what we make of it with what others make of it. */
export function checkInput(subject: Subject, reads: readonly Buffer[]): Outcome {
  const whole = Buffer.concat(reads)
  const ours = subject.ours(reads)
  const ofWhole = subject.ours([whole])
  if (!isDeepStrictEqual({ ...ours, why: '' }, { ...ofWhole, why: '' }))
    return failed('its reads change it', { ours, ofWhole })
  let stricter = 0
  const explained: Difference[] = []
  for (const [other, input, wanted] of comparisons(subject, whole, ours)) {
    const theirs = other.read([input])
    const found = compare(wanted, theirs)
    if (found === 'stricter') stricter += 1
    if (!found || found === 'stricter') continue
    const difference = explain(subject, other, found, input.toString('latin1'))
    if (!difference) return failed(`${other.name}: ${found.kind}`, { found, ours, theirs })
    explained.push(difference)
  }
  return { stricter, explained, failure: undefined }
}

/** What we received, and what we pass on: in that, others must find exactly the messages that we found. */
function* comparisons(
  subject: Subject,
  received: Buffer,
  ours: Reading,
): Generator<readonly [Other, Buffer, Reading]> {
  // A request without a host is given ours.
  const messages = ours.messages.map((message) => ({
    ...message,
    host: message.host || aSender.host,
  }))
  for (const other of subject.others) {
    yield [other, received, ours]
    if (ours.forwarded !== undefined)
      yield [other, Buffer.from(ours.forwarded, 'latin1'), { messages, rest: 'open' }]
  }
}

function failed(what: string, details: object): Outcome {
  const failure = `${what}: ${JSON.stringify(details, undefined, 1)}`
  return { stricter: 0, explained: [], failure }
}
