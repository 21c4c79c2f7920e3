import type { Found } from './compare.ts'
import { NODE_METHODS } from './node-reading.ts'
import type { Other, Subject } from './subjects.ts'

/** A difference between what we read and what another parser reads that harms nobody, and why. */
export interface Difference {
  readonly name: string
  readonly of: readonly Other['name'][]
  readonly in: readonly ('requests' | 'answers')[]
  readonly why: string
  covers(found: Found, input: string): boolean
}

export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'a method that is not known',
    of: ['node', 'lenient'],
    in: ['requests'],
    why: 'RFC 9110 §9.1: whether a method is known is for the application to say; where its message ends does not depend on it',
    covers: ({ kind, ours, why }) =>
      kind === 'they-refuse' &&
      !NODE_METHODS.has(ours?.start.split(' ')[0] ?? '') &&
      /method|Parse Error/i.test(why),
  },
  {
    name: 'an extension of a chunk that is not of the grammar',
    of: ['node'],
    in: ['requests', 'answers'],
    why: 'extensions are not passed on; where they end is agreed: at the CR LF that both ask for',
    covers: ({ kind, why }) => kind === 'they-refuse' && why.includes('chunk extensions'),
  },
  {
    name: 'a tab behind a length or a coding',
    of: ['node'],
    in: ['requests', 'answers'],
    why: 'RFC 9110 §5.6.3: a tab around a value is white space like any other; what we pass on is written anew without it',
    covers: (found, input) =>
      refusesFramingOrReadsOn(found) &&
      /^(?:transfer-encoding:[ \t]*chunked|content-length:[ \t]*[0-9]+) *\t[ \t]*\r$/im.test(input),
  },
  {
    name: 'an interim answer that says close',
    of: ['node'],
    in: ['answers'],
    why: 'RFC 9112 §9.6: close speaks of the time after the answer, and an interim one does not complete it',
    covers: ({ kind, why }, input) =>
      kind === 'they-refuse' &&
      why.includes('Data after `Connection: close`') &&
      /^HTTP\/1\.1 1\d\d /.test(input),
  },
  {
    name: 'a body after 204 or 304',
    of: ['lenient'],
    in: ['answers'],
    why: 'RFC 9112 §6.3: these end with their head, whatever that says; what comes after it ends our connection',
    covers: ({ ours }) => /^[23]04$/.test(ours?.start ?? ''),
  },
]

/** A request it refuses. The same coding in an answer it does not know, and takes all until the end for the body. */
function refusesFramingOrReadsOn({ kind, why, ours, theirs }: Found): boolean {
  if (kind === 'they-refuse') return /Transfer-Encoding|Content-Length/.test(why)
  return kind === 'they-differ' && ours?.start === theirs?.start && ours?.host === theirs?.host
}

/** The entry of the table that explains it. */
export function explain(
  subject: Subject,
  other: Other,
  found: Found,
  input: string,
): Difference | undefined {
  const where = subject.name === 'requests' ? 'requests' : 'answers'
  return DIFFERENCES.find(
    (each) => each.in.includes(where) && each.of.includes(other.name) && each.covers(found, input),
  )
}
