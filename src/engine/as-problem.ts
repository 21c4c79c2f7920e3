import { Problem } from '../core/problem.ts'

/** What was thrown, in the words a user can act on. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const message = error instanceof Error ? error.message : String(error)
  return new Problem('unexpected', {
    message: `something failed that should not: ${message}`,
    hint: 'This is a defect of Midflight. The controller’s log holds the details; please report them.',
    cause: error,
  })
}
