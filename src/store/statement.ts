import type { DatabaseSync } from 'node:sqlite'
import { asProblem } from './failure.ts'

export type Row = Readonly<Record<string, unknown>>
type Value = string | number | null | Uint8Array

/** Runs statements on one database, so that every failure comes out as a Problem that names the file. */
export interface Statements {
  all(sql: string, ...values: Value[]): readonly Row[]
  run(sql: string, ...values: Value[]): number
  /** All or nothing, and on the disk when it returns. */
  atomically<T>(work: () => T): T
}

export function statements(database: DatabaseSync, path: string): Statements {
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw asProblem(error, path)
    }
  }
  return {
    all: (sql, ...values) => guarded(() => database.prepare(sql).all(...values)),
    run: (sql, ...values) =>
      guarded(() => Number(database.prepare(sql).run(...values).lastInsertRowid)),
    atomically: (work) =>
      guarded(() => {
        database.exec('begin immediate')
        try {
          const result = work()
          database.exec('commit')
          return result
        } catch (error) {
          // SQLite has rolled back by itself after some failures, a full disk among them.
          if (database.isTransaction) database.exec('rollback')
          throw error
        }
      }),
  }
}
