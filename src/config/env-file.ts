import { readFile } from 'node:fs/promises'
import { Problem } from '../core/problem.ts'

const LINE = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/**
 * Reads a `.env` file: `NAME=value` lines, comments, quotes, `export`. A missing file, or a directory of that name (Python
 * puts environments there), has no variables. Throws `env-file-invalid` without quoting the line: it may hold a secret.
 */
export async function readEnvFile(path: string): Promise<ReadonlyMap<string, string>> {
  try {
    return parseEnvFile(await readFile(path, 'utf8'))
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'ENOENT' || code === 'EISDIR') return new Map()
    if (error instanceof Problem) throw error
    throw new Problem('config-unreadable', {
      message: `.env beside the file cannot be read (${String(code)})`,
      hint: 'Give yourself the right to read it, or move it away.',
      cause: error,
    })
  }
}

export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>()
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue
    const [, name, rest] = LINE.exec(line) ?? []
    const value = rest === undefined ? undefined : valueOf(rest)
    if (name === undefined || value === undefined) throw notUnderstood(index + 1)
    variables.set(name, value)
  }
  return variables
}

/** In single quotes everything is itself; in double quotes `\n` is a line end; bare, ` #` begins a comment. */
function valueOf(rest: string): string | undefined {
  const single = /^'([^']*)'\s*(?:#.*)?$/.exec(rest)
  if (single) return single[1]
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(rest)
  if (double?.[1] !== undefined)
    return double[1].replaceAll(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter)
  if (/^['"]/.test(rest)) return undefined
  return rest.replace(/(?:^|\s+)#.*$/, '')
}

function notUnderstood(line: number): Problem {
  return new Problem('env-file-invalid', {
    message: `.env:${line}: this line is not NAME=value`,
    hint: 'Write NAME=value, with quotes around a value that holds spaces or #. A value ends on its line.',
    data: { line },
  })
}
