import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Problem } from '../core/problem.ts'
import type { ServiceSpec } from '../core/service.ts'
import { canonical } from './canonical.ts'
import { readEnvFile } from './env-file.ts'
import { refuseBadFiles } from './named-files.ts'
import { missing, readConfig, unreadable } from './read-config.ts'
import { releaseDirectory } from './release-directory.ts'
import { parseSource, type Source } from './source.ts'
import { commandVariables, substitute } from './substitute.ts'
import { validate } from './validate.ts'
import type { Lookup } from './variables.ts'

export interface LoadOptions {
  /** Where variables are looked up before `.env` beside the file: the environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Reads midflight.yaml into core's words, defaults filled in and variables resolved. Throws a Problem that names every fault
 * with line and column: `config-missing`, `config-unreadable`, `config-syntax`, `config-invalid`, `config-not-yet`,
 * `variable-unset`, `directory-missing`, `named-file-unusable`, `env-file-invalid`. None holds a variable's value.
 */
export async function loadConfig(path: string, { env }: LoadOptions): Promise<ServiceSpec> {
  const source = parseSource(basename(path), await readConfig(path))
  const folder = dirname(resolve(path))
  const lookup = await lookupIn(env, join(folder, '.env'))
  substitute(source, lookup)
  const asked = commandVariables(source, lookup)
  const file = validate(source, plainOf(source))
  const directory = await releaseDirectory(source, resolve(folder, file.directory))
  const spec = canonical(file, { directory, folder, env: { ...asked, ...file.env } })
  await refuseBadFiles(source, spec.traffic ?? {})
  return spec
}

/** The file in this directory. Throws `config-missing` when there is none. */
export async function findConfig(cwd: string): Promise<string> {
  for (const name of ['midflight.yaml', 'midflight.yml']) {
    const path = join(cwd, name)
    if (await exists(path)) return path
  }
  throw missing(join(cwd, 'midflight.yaml'))
}

async function lookupIn(env: LoadOptions['env'], envFile: string): Promise<Lookup> {
  const beside = await readEnvFile(envFile)
  return (name) => (Object.hasOwn(env, name) ? env[name] : undefined) ?? beside.get(name)
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    const code = String((error as { code?: unknown }).code)
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    throw unreadable(path, code, error)
  }
}

/** Follows aliases; too many of them, one in another, are an attack or a mistake. */
function plainOf(source: Source): unknown {
  try {
    return source.document.toJS()
  } catch (error) {
    throw new Problem('config-syntax', {
      message: `${source.name}:1:1: the aliases cannot be followed`,
      hint: 'Write the values out instead of *aliases.',
      cause: error,
    })
  }
}
