import { Problem } from '../core/problem.ts'

/** One thing that is wrong in the file, where it is, and what would be right. Quotes the file as written, never a variable's value. */
export interface Fault {
  readonly line: number
  readonly column: number
  /** The path of the key, such as `ready.path`; empty for the file as a whole. */
  readonly key: string
  readonly message: string
  readonly hint: string
}

/** All faults of a file as one Problem, in the order of the file: one line each, `midflight.yaml:LINE:COL: …`. */
export function faultsProblem(code: string, file: string, faults: readonly Fault[]): Problem {
  const sorted = faults.toSorted((a, b) => a.line - b.line || a.column - b.column)
  const lines = sorted.map((fault) => `${file}:${fault.line}:${fault.column}: ${fault.message}`)
  const [first, ...others] = sorted
  const hint = others.length === 0 ? first?.hint : sorted.map(hintWithLine).join('\n')
  return new Problem(code, {
    message: lines.join('\n'),
    hint: hint ?? '',
    data: { file, faults: sorted },
  })
}

function hintWithLine(fault: Fault): string {
  return `Line ${fault.line}: ${fault.hint}`
}
