/**
 * What a user must know when something cannot be done: what happened, and what to do next.
 *
 * `code` is stable and listed in `docs/reference/problems.md`. `message` names the values involved and never
 * holds a secret. `hint` is the next thing to do. The command line prints the three parts, `--json` the object.
 */
export class Problem extends Error {
  readonly code: string
  readonly hint: string
  readonly data: Readonly<Record<string, unknown>>

  constructor(code: string, parts: ProblemParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause })
    this.name = 'Problem'
    this.code = code
    this.hint = parts.hint
    this.data = parts.data ?? {}
  }

  toJSON(): ProblemJson {
    return { code: this.code, message: this.message, hint: this.hint, data: this.data }
  }
}

export interface ProblemParts {
  readonly message: string
  readonly hint: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

export interface ProblemJson {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly data: Readonly<Record<string, unknown>>
}
