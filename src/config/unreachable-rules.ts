import { isDeepStrictEqual } from 'node:util'
import type { Condition, Match, Rule } from '../core/rule.ts'

interface Unreachable {
  readonly index: number
  /** The index of the rule before it that takes everything it would match. */
  readonly earlier: number
}

/** The rules that never decide, because an earlier one asks for the same or for less. */
export function unreachableRules(rules: readonly Rule[]): Unreachable[] {
  return rules.flatMap(({ when }, index) => {
    // One that asks for nothing is refused for that.
    const earlier = rules
      .slice(0, index)
      .findIndex((rule) => Object.keys(rule.when).length > 0 && implies(when, rule.when))
    return earlier < 0 ? [] : [{ index, earlier }]
  })
}

/** Each part that the wider condition asks for is asked for by the narrower one too, as closely. */
function implies(narrow: Condition, wide: Condition): boolean {
  const { path, header, cookie, query, ...lists } = wide
  return (
    (!path || path.kind === 'present' || isWithin(narrow.path, path)) &&
    areWithin(narrow.header, header) &&
    areWithin(narrow.cookie, cookie) &&
    areWithin(narrow.query, query) &&
    Object.entries(lists).every(([part, wanted]) =>
      narrow[part as keyof typeof lists]?.every((each) => wanted.includes(each)),
    )
  )
}

type Matches = Readonly<Record<string, Match>>

function areWithin(narrow: Matches = {}, wide: Matches = {}): boolean {
  return Object.entries(wide).every(([name, match]) => isWithin(narrow[name], match))
}

/** Every value that is as the narrower one asks is as the wider one asks too. */
function isWithin(narrow: Match | undefined, wide: Match): boolean {
  if (!narrow || wide.kind === 'present') return narrow !== undefined
  if (wide.kind === 'prefix' && (narrow.kind === 'exact' || narrow.kind === 'prefix'))
    return narrow.value.startsWith(wide.value)
  return isDeepStrictEqual(narrow, wide)
}
