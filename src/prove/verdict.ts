import type { Answer, Ending } from './answer.ts'
import type { Call } from './call.ts'

/**
 * Whether a call got what it asked for, and whose fault it is if not.
 * `bad`: the app itself answered with an error. `failed`: nobody's answer but the way to the app is to blame.
 */
export type Verdict =
  | { readonly kind: 'good'; readonly version: string }
  | { readonly kind: 'bad'; readonly version: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly reset: boolean }
  | { readonly kind: 'aborted' }

/** The header by which the app marks its own answers with its version. */
export const VERSION_HEADER = 'x-version'

/** `appMarks`: `always` when the app is known to mark every answer, so that an error without the mark is not its own. */
export type AppMarks = 'always' | 'never'

export function verdictOf(
  ending: Ending,
  check: Call['check'] | undefined,
  appMarks: AppMarks,
): Verdict {
  switch (ending.kind) {
    case 'answered':
      return verdictOn(ending.answer, check, appMarks)
    case 'aborted':
      return { kind: 'aborted' }
    case 'reset':
      return { kind: 'failed', reason: `reset: ${ending.reason}`, reset: true }
    case 'refused':
    case 'timeout':
    case 'malformed':
      return { kind: 'failed', reason: `${ending.kind}: ${ending.reason}`, reset: false }
  }
}

function verdictOn(answer: Answer, check: Call['check'], appMarks: AppMarks): Verdict {
  const { status, headers } = answer
  const version = headers[VERSION_HEADER] ?? 'unmarked'
  if (status >= 400 && isProxys(answer, appMarks))
    return { kind: 'failed', reason: `the proxy answered ${status}`, reset: false }
  if (status >= 500) return { kind: 'bad', version }
  const fault = check?.(answer)
  if (fault !== undefined) return { kind: 'failed', reason: fault, reset: false }
  return { kind: 'good', version }
}

/** The proxy signs what it answers itself. */
function isProxys(answer: Answer, appMarks: AppMarks): boolean {
  if (answer.headers['server']?.toLowerCase() === 'midflight') return true
  return appMarks === 'always' && answer.headers[VERSION_HEADER] === undefined
}
