import { Problem } from '../core/problem.ts'

interface Manner {
  readonly isJson: boolean
  readonly isVerbose: boolean
}

/** What happened, and what to do next; a stack trace only for a defect of ours, and only when asked for. */
export function printFailure(error: unknown, { isJson, isVerbose }: Manner): void {
  process.exitCode = 2
  const problem = error instanceof Problem ? error : defect(error)
  if (isJson) console.log(JSON.stringify({ problem: problem.toJSON() }))
  else
    console.error(
      `problem ${problem.code}\n  ${indented(problem.message)}\n  → ${indented(problem.hint)}`,
    )
  if (isVerbose && error instanceof Error) console.error(error.stack)
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ')
}

function defect(error: unknown): Problem {
  return new Problem('unexpected', {
    message: error instanceof Error ? error.message : String(error),
    hint: 'This is a defect of Midflight. Run it again with --verbose and report what it prints.',
    cause: error,
  })
}
