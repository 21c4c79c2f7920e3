import { readFile } from 'node:fs/promises'
import { Problem, type ProblemJson } from '../../../core/problem.ts'
import type { ProxyFiles } from './proxy-files.ts'

interface LogRecord {
  readonly pid?: number
  readonly problem?: ProblemJson
  readonly stack?: string
}

/** Why the proxy with this pid could not start, from its log: its own Problem, or `proxy-start-failed`. */
export async function lastWordsOf(pid: number, files: ProxyFiles): Promise<Problem> {
  const lines = (await readFile(files.log, 'utf8')).trimEnd().split('\n')
  const words = lines.map(recordIn).findLast((record) => record.pid === pid)
  if (words?.problem) {
    const { code, ...parts } = words.problem
    return new Problem(code, parts)
  }
  const why = words?.stack?.split('\n')[0] ?? lines.at(-1) ?? 'it said nothing'
  return new Problem('proxy-start-failed', {
    message: `the proxy (pid ${pid}) ended before it answered: ${why}`,
    hint: `Its log has the whole story: ${files.log}`,
    data: { pid, log: files.log },
  })
}

/** What is not a record comes from Node itself, which writes plain text when it cannot even begin. */
function recordIn(line: string): LogRecord {
  if (!line.startsWith('{')) return {}
  try {
    return JSON.parse(line) as LogRecord
  } catch {
    return {}
  }
}
