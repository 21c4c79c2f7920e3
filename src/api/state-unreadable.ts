import { Problem } from '../core/problem.ts'

/** What to tell a user whose state directory cannot be made, read or written, from the system's error. */
export function stateUnreadable(stateDirectory: string, error: unknown): Problem {
  return new Problem('state-unreadable', {
    message: `the state directory ${stateDirectory} cannot be used: ${(error as Error).message}`,
    hint: 'Give this user the right to read and write it, or name another: --state DIR, or MIDFLIGHT_STATE.',
    data: { stateDirectory },
    cause: error,
  })
}
