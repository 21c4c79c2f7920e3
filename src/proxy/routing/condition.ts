import type { Condition, Match } from '../../core/rule.ts'
import { addressRanges } from '../../lib/address-ranges.ts'
import { holdsFor, type Holds, wordsOf } from './match.ts'
import {
  readAddress,
  readCookie,
  readHeader,
  readMethod,
  readPath,
  readQuery,
} from './read-request.ts'
import { routeFaulty } from './route-faulty.ts'
import type { Read } from './views.ts'

/** One part of a condition, made ready: what is read, and whether it is as asked. */
export interface Part {
  /** What is read, in words: `header x-beta`. */
  readonly what: string
  /** How it is asked to be, in words: `is "1"`. */
  readonly wanted: string
  readonly read: Read
  readonly holds: Holds
}

/** What a condition needs that a request does not tell by itself. */
export interface ConditionTools {
  /** Reads the user that a request names. */
  readonly user: Read
  /** Reads the country of a client. Called at once when a condition asks for countries; may throw then. */
  readonly country: () => Read
}

/** The parts of a condition; all must hold. Throws `route-faulty` with the place of what cannot be read. */
export function partsOf(when: Condition, place: string, tools: ConditionTools): readonly Part[] {
  const { methods, path, header, query, cookie, clients, users, countries } = when
  return [
    ...(methods ? [oneOf('method', readMethod, methods)] : []),
    ...(path ? [matched('path', readPath, path, `${place}.path`)] : []),
    ...named('header', header, readHeader, place),
    ...named('query', query, readQuery, place),
    ...named('cookie', cookie, readCookie, place),
    ...(clients ? [inRanges(clients, `${place}.client`)] : []),
    ...(users ? [oneOf('user', tools.user, users)] : []),
    ...(countries ? [oneOf('country', tools.country(), countries.map(upper))] : []),
  ]
}

function named(
  kind: 'header' | 'query' | 'cookie',
  matches: Readonly<Record<string, Match>> | undefined,
  readOf: (name: string) => Read,
  place: string,
): Part[] {
  return Object.entries(matches ?? {}).map(([name, match]) =>
    matched(`${kind} ${name}`, readOf(name), match, `${place}.${kind}.${name}`),
  )
}

function matched(what: string, read: Read, match: Match, place: string): Part {
  try {
    return { what, wanted: wordsOf(match), read, holds: holdsFor(match) }
  } catch (cause) {
    throw routeFaulty(
      place,
      `the pattern /${'value' in match ? match.value : ''}/ cannot be used`,
      cause,
    )
  }
}

function oneOf(what: string, read: Read, values: readonly string[]): Part {
  const wanted = new Set(values)
  const holds: Holds = (value) => value !== undefined && wanted.has(value)
  const words = values.length === 1 ? `is ${values[0]}` : `is one of ${values.join(', ')}`
  return { what, wanted: words, read, holds }
}

function inRanges(ranges: readonly string[], place: string): Part {
  try {
    const inside = addressRanges(ranges)
    const holds: Holds = (address) => address !== undefined && inside(address)
    return { what: 'client', wanted: `is in ${ranges.join(', ')}`, read: readAddress, holds }
  } catch (cause) {
    throw routeFaulty(place, 'an address range cannot be read', cause)
  }
}

const upper = (code: string): string => code.toUpperCase()
