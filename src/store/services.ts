import type { ServiceRecord, Services } from '../core/store.ts'
import type { WriteLease } from './lease.ts'
import type { Statements } from './statement.ts'

const WRITE = `insert into services values (?, ?) on conflict (name) do update set record = excluded.record`

export function services(statements: Statements, lease: WriteLease): Services {
  return {
    read: async (service) => {
      const [row] = statements.all('select record from services where name = ?', service)
      return row && recordIn(row['record'])
    },
    write: async (service, record) => {
      lease.atomically(() => {
        writeRecord(statements, service, record)
      })
    },
    list: async () =>
      statements
        .all('select record from services order by name')
        .map((row) => recordIn(row['record'])),
  }
}

export function writeRecord(statements: Statements, service: string, record: ServiceRecord): void {
  statements.run(WRITE, service, JSON.stringify(record))
}

function recordIn(text: unknown): ServiceRecord {
  return JSON.parse(String(text)) as ServiceRecord
}
