import type { Clock } from '../core/clock.ts'
import {
  type Group,
  type GroupMark,
  type GroupMember,
  type Groups,
  placeOf,
} from '../core/group.ts'
import { groupRunning } from '../core/group-running.ts'
import type { ProblemJson } from '../core/problem.ts'
import type { WriteLease } from './lease.ts'
import type { Row, Statements } from './statement.ts'

const OPEN = 'insert into groups (name, members, started_at, asked_by) values (?, ?, ?, ?)'
const CLOSE = 'update groups set ended_at = ?, outcome = ?, because = ? where id = ?'
const APPEND = `insert into group_journal
  select ?, coalesce(max(seq), 0) + 1, ?, ?, ? from group_journal where group_id = ?`

export function groups(statements: Statements, lease: WriteLease, clock: Clock): Groups {
  const groupIn = (row: Row) => asGroup(statements, row)
  const unfinished = () =>
    statements.all('select * from groups where ended_at is null order by id').map(groupIn)
  const read = (id: number) =>
    statements.all('select * from groups where id = ?', id).map(groupIn)[0]
  return {
    open: async (name, members, by) => {
      const id = lease.atomically(() => {
        refuseSecond(unfinished(), members)
        return statements.run(OPEN, name, JSON.stringify(members), clock.now(), by ?? null)
      })
      const opened = read(id)
      if (!opened) throw new Error(`group ${id} was written and is not there`)
      return opened
    },
    append: async (id, mark) => {
      lease.atomically(() =>
        statements.run(APPEND, id, clock.now(), lease.fence, JSON.stringify(mark), id),
      )
    },
    marks: async (id) => marksOf(statements, id),
    close: async (id, outcome, because) => {
      const why = because === undefined ? null : JSON.stringify(because)
      lease.atomically(() => statements.run(CLOSE, clock.now(), outcome, why, id))
    },
    read: async (id) => read(id),
    list: async ({ limit = 50 } = {}) =>
      statements.all('select * from groups order by id desc limit ?', limit).map(groupIn),
    unfinished: async () => unfinished(),
  }
}

function marksOf(statements: Statements, id: number): readonly GroupMark[] {
  return statements
    .all('select mark from group_journal where group_id = ? order by seq', id)
    .map((row) => JSON.parse(String(row['mark'])) as GroupMark)
}

function asGroup(statements: Statements, row: Row): Group {
  const id = Number(row['id'])
  const endedAt = row['ended_at']
  const by = row['asked_by']
  return {
    id,
    name: String(row['name']),
    members: JSON.parse(String(row['members'])) as GroupMember[],
    ...(typeof by === 'string' && { by }),
    state: stateOf(statements, row),
    startedAtMs: Number(row['started_at']),
    ...(endedAt !== null && { endedAtMs: Number(endedAt) }),
  }
}

function stateOf(statements: Statements, row: Row): Group['state'] {
  const { outcome, because } = row
  if (outcome !== 'promoted' && outcome !== 'undone' && outcome !== 'stuck') {
    return placeOf(marksOf(statements, Number(row['id'])))
  }
  if (typeof because !== 'string') return { phase: 'finished', outcome }
  return { phase: 'finished', outcome, because: JSON.parse(because) as ProblemJson }
}

function refuseSecond(running: readonly Group[], members: readonly GroupMember[]): void {
  const wanted = members.map(({ service }) => service)
  for (const group of running) {
    const both = group.members.find(({ service }) => wanted.includes(service))
    if (both) throw groupRunning(group, both.service)
  }
}
