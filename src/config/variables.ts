/** Finds the value of a variable. */
export type Lookup = (name: string) => string | undefined

export interface Expanded {
  readonly text: string
  /** Variables that have no value and no default. */
  readonly unset: readonly string[]
  /** How often a `${` begins no variable. */
  readonly malformed: number
}

const EXPRESSION = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{/g

/**
 * Puts values in the place of `${VAR}` and `${VAR:-default}` (the default also for an empty value, as in a shell).
 * `$${` stands for `${` itself. What a value holds is not looked at again.
 */
export function expand(text: string, lookup: Lookup): Expanded {
  const unset: string[] = []
  let malformed = 0
  const expanded = text.replaceAll(
    EXPRESSION,
    (found: string, name?: string, fallback?: string) => {
      if (found === '$${') return '${'
      if (name === undefined) malformed += 1
      else {
        const value = lookup(name)
        if (value !== undefined && (value !== '' || fallback === undefined)) return value
        if (fallback !== undefined) return fallback
        unset.push(name)
      }
      return found
    },
  )
  return { text: expanded, unset, malformed }
}
