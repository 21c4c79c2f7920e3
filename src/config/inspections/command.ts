import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { fine, type Finding, type Inspection } from './finding.ts'

/** Words of the shell itself (POSIX.1-2024, 2.4 reserved words and 2.15 built-ins, and the usual utilities it has inside). */
const SHELL_WORDS = new Set(
  '. : [ break case cd command continue echo eval exit export false for getopts if printf read readonly return set shift test times trap true type ulimit umask unset until wait while { ! ('.split(
    ' ',
  ),
)

/** The program that `run` begins with must be there, or no instance ever starts. */
export const inspectCommand: Inspection = async (spec, context) => {
  const word = firstWord(spec.run)
  if (word === undefined || SHELL_WORDS.has(word)) return []
  if (await isFound(word, spec.directory, spec.env['PATH'] ?? context.path))
    return [fine('command-found', `${word} is there`, 'run begins with it')]
  return [missing(word, spec.build !== undefined && word.includes('/'))]
}

/** `undefined` for what only the shell can tell, such as `$SERVER` or `(cd x; y)`. */
function firstWord(command: string): string | undefined {
  const [, rest = ''] =
    /^\s*(?:[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|\S*)\s+|exec\s+)*([^]*)$/.exec(command) ?? []
  const match = /^(?:'([^']+)'|"([^"$`]+)"|([^\s;&|<>()'"$`]+))(?=[\s;&|<>]|$)/.exec(rest)
  return match?.[1] ?? match?.[2] ?? match?.[3]
}

async function isFound(word: string, directory: string, path: string): Promise<boolean> {
  if (word.includes('/')) return isExecutable(resolve(directory, word))
  for (const folder of path.split(delimiter))
    if (await isExecutable(join(resolve(directory, folder), word))) return true
  return false
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

function missing(word: string, mayBeBuilt: boolean): Finding {
  const where = word.includes('/') ? 'in the directory' : 'on the PATH'
  return {
    code: 'command-missing',
    level: mayBeBuilt ? 'warning' : 'error',
    what: `${word} is not ${where}, or may not be executed`,
    why: mayBeBuilt
      ? 'run begins with it; build may make it'
      : 'run begins with it, so no instance can start',
    hint: 'Install it, or write its whole path in run.',
  }
}
