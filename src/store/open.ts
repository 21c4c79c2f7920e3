import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Problem } from '../core/problem.ts'
import { asProblem } from './failure.ts'
import { VERSIONS } from './schema.ts'

/**
 * Opens `state.db` in the state directory, made new when there is none. A file that is there and is not whole is
 * never replaced: rejects with `state-corrupt`, and with `state-unreadable`, `state-newer` or `disk-full`.
 */
export function openDatabase(stateDirectory: string): DatabaseSync {
  const path = join(stateDirectory, 'state.db')
  try {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
    const isNew = !existsSync(path)
    const database = new DatabaseSync(path)
    if (isNew) chmodSync(path, 0o600)
    prepare(database, path, isNew)
    return database
  } catch (error) {
    throw asProblem(error, path)
  }
}

function prepare(database: DatabaseSync, path: string, isNew: boolean): void {
  const check = database.prepare('pragma quick_check(1)').get()?.['quick_check']
  if (check !== 'ok') throw corrupt(path, String(check))
  const version = Number(database.prepare('pragma user_version').get()?.['user_version'])
  if (version > VERSIONS.length) throw newer(path, version)
  // A state of ours is never without its version: an empty file is what a truncation leaves.
  if (version === 0 && !isNew) throw corrupt(path, 'it holds no state of Midflight')
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  bringUp(database, version)
}

/** All or nothing: a file is never left between two versions. */
function bringUp(database: DatabaseSync, from: number): void {
  const missing = VERSIONS.slice(from)
  if (missing.length === 0) return
  database.exec(
    `begin immediate; ${missing.join('\n')} pragma user_version = ${VERSIONS.length}; commit`,
  )
}

function corrupt(path: string, why: string): Problem {
  return new Problem('state-corrupt', {
    message: `${path} is damaged: ${why}`,
    hint: 'Nothing was changed, and the service runs on. Restore the file from a backup. To begin anew, move it away, then `midflight down` and `midflight up`.',
    data: { path },
  })
}

function newer(path: string, version: number): Problem {
  return new Problem('state-newer', {
    message: `${path} was written by a newer Midflight (format ${version}, this one knows ${VERSIONS.length})`,
    hint: 'Use the newer version again, or a state directory of its own: --state DIR.',
    data: { path, version },
  })
}
