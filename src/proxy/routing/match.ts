import { RE2JS } from 're2js'
import type { Match } from '../../core/rule.ts'

/** No pattern is tried on a longer value: it does not match. */
const LONGEST = 4096

/** Whether a value, or that there is none, is as asked. */
export type Holds = (value: string | undefined) => boolean

/**
 * Makes a test of a match. Throws when its pattern cannot be read.
 *
 * Patterns are in the syntax of RE2 and are matched in a time that grows with the value only: nothing that a client
 * sends can hang a worker. What cannot be matched so, looking around and referring back, is refused.
 */
export function holdsFor(match: Match): Holds {
  switch (match.kind) {
    case 'exact':
      return (value) => value === match.value
    case 'prefix':
      return (value) => value !== undefined && value.startsWith(match.value)
    case 'present':
      return (value) => value !== undefined
    case 'pattern': {
      const pattern = RE2JS.compile(match.value, RE2JS.CASE_INSENSITIVE)
      return (value) => value !== undefined && value.length <= LONGEST && pattern.test(value)
    }
  }
}

/** In words, to stand after what is matched: `is "1"`. */
export function wordsOf(match: Match): string {
  switch (match.kind) {
    case 'exact':
      return `is "${match.value}"`
    case 'prefix':
      return `begins with "${match.value}"`
    case 'present':
      return 'is there'
    case 'pattern':
      return `matches /${match.value}/i`
  }
}
