import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Problem } from '../core/problem.ts'
import { asProblem } from './failure.ts'

const SCHEMA_VERSION = 1

const SCHEMA = `
  create table services (name text primary key, record text not null) strict;
  create table releases (
    service text not null, id text not null, made_at integer not null, body text not null,
    primary key (service, id)) strict;
  create table rollouts (
    id integer primary key autoincrement, service text not null, kind text not null, plan text not null,
    baseline text not null, started_at integer not null, ended_at integer, outcome text, because text, ledger text) strict;
  create unique index one_rollout_per_service on rollouts (service) where ended_at is null;
  create table journal (
    rollout integer not null references rollouts, seq integer not null, at integer not null, fence integer not null,
    mark text not null, primary key (rollout, seq)) strict;
  create table lease (one integer primary key check (one = 1), fence integer not null) strict;
  insert into lease values (1, 0);
`

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
  if (version > SCHEMA_VERSION) throw newer(path, version)
  // A state of ours is never without its version: an empty file is what a truncation leaves.
  if (version === 0 && !isNew) throw corrupt(path, 'it holds no state of Midflight')
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  if (isNew) database.exec(`begin; ${SCHEMA} pragma user_version = ${SCHEMA_VERSION}; commit`)
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
    message: `${path} was written by a newer Midflight (format ${version}, this one knows ${SCHEMA_VERSION})`,
    hint: 'Use the newer version again, or a state directory of its own: --state DIR.',
    data: { path, version },
  })
}
