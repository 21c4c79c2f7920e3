import type { Release } from '../core/release.ts'
import type { Releases } from '../core/store.ts'
import type { Row, Statements } from './statement.ts'

export function releases(statements: Statements): Releases {
  return {
    add: async (release) => {
      const { service, id, madeAtMs } = release
      statements.run(
        'insert into releases values (?, ?, ?, ?)',
        service,
        id,
        madeAtMs,
        JSON.stringify(release),
      )
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
      statements.run('delete from releases where service = ? and id = ?', service, id)
    },
  }
}

function releaseIn(row: Row): Release {
  return JSON.parse(String(row['body'])) as Release
}
