import { isDeepStrictEqual } from 'node:util'
import type { Condition, Rule } from '../core/rule.ts'

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

/** Each part that the wider condition asks for is asked for by the narrower one too. */
function implies(narrow: Condition, wide: Condition): boolean {
  return Object.entries(wide).every(([part, wanted]) => {
    const has: unknown = narrow[part as keyof Condition]
    return (
      has !== undefined && (part === 'path' ? isDeepStrictEqual(has, wanted) : holds(has, wanted))
    )
  })
}

/** Every name is there with the same match; of a list, everything is in the wider one. */
function holds(narrow: unknown, wide: unknown): boolean {
  if (Array.isArray(narrow) && Array.isArray(wide))
    return narrow.every((each) => wide.includes(each))
  return Object.entries(wide as object).every(([name, match]) =>
    isDeepStrictEqual((narrow as Readonly<Record<string, unknown>>)[name], match),
  )
}
