import type { Clock } from '../core/clock.ts'
import type { Letter, Outbox, Posted } from '../core/notifier.ts'
import type { WriteLease } from './lease.ts'
import type { Row, Statements } from './statement.ts'

const ADD = `insert into outbox (rollout, name, target, notice, made_at, tries, due_at)
  values (?, ?, ?, ?, ?, 0, ?) on conflict (rollout, name) do nothing`
const SENT = 'update outbox set sent_at = ?, due_at = null, failure = null where id = ?'
const FAILED = 'update outbox set tries = tries + 1, failure = ?, due_at = ? where id = ?'
const WAITING = 'select * from outbox where due_at is not null order by due_at, id limit ?'
const PRUNE = 'delete from outbox where due_at is null and made_at < ?'

export function outbox(statements: Statements, lease: WriteLease, clock: Clock): Outbox {
  return {
    add: async (letters) => {
      const now = clock.now()
      lease.atomically(() => {
        for (const { name, spec, notice } of letters) {
          const [target, told] = [JSON.stringify(spec), JSON.stringify(notice)]
          statements.run(ADD, notice.rollout, name, target, told, now, now)
        }
      })
    },
    waiting: async (limit) => {
      // Whoever asks is about to send: the next controller sends the same.
      lease.check()
      return statements.all(WAITING, limit).map(postedIn)
    },
    settle: async (id, settlement) => {
      lease.atomically(() => {
        if (settlement.kind === 'sent') statements.run(SENT, clock.now(), id)
        else statements.run(FAILED, settlement.failure, settlement.dueAtMs ?? null, id)
      })
    },
    prune: async (beforeMs) => {
      lease.atomically(() => statements.run(PRUNE, beforeMs))
    },
  }
}

function postedIn(row: Row): Posted {
  return {
    id: Number(row['id']),
    name: String(row['name']),
    spec: JSON.parse(String(row['target'])) as Letter['spec'],
    notice: JSON.parse(String(row['notice'])) as Letter['notice'],
    madeAtMs: Number(row['made_at']),
    dueAtMs: Number(row['due_at']),
    tries: Number(row['tries']),
  }
}
