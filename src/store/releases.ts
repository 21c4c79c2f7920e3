import type { Release } from '../core/release.ts'
import type { Releases } from '../core/store.ts'
import type { WriteLease } from './lease.ts'
import type { Row, Statements } from './statement.ts'

export function releases(statements: Statements, lease: WriteLease): Releases {
  return {
    add: async (release) => {
      const { service, id, madeAtMs } = release
      const row = [service, id, madeAtMs, JSON.stringify(release)] as const
      lease.atomically(() => statements.run('insert into releases values (?, ?, ?, ?)', ...row))
    },
    read: async (service, id) => {
      const [row] = statements.all(
        'select body from releases where service = ? and id = ?',
        service,
        id,
      )
      return row && releaseIn(row)
    },
    list: async (service) =>
      statements
        .all('select body from releases where service = ? order by made_at, rowid', service)
        .map(releaseIn),
    remove: async (service, id) => {
      lease.atomically(() =>
        statements.run('delete from releases where service = ? and id = ?', service, id),
      )
    },
  }
}

function releaseIn(row: Row): Release {
  return JSON.parse(String(row['body'])) as Release
}
