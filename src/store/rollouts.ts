import type { Clock } from '../core/clock.ts'
import type { Plan } from '../core/plan.ts'
import { positionOf } from '../core/position.ts'
import { Problem } from '../core/problem.ts'
import type { Rollout, RolloutState } from '../core/rollout.ts'
import type { Rollouts } from '../core/store.ts'
import { entriesOf } from './journal.ts'
import type { WriteLease } from './lease.ts'
import { writeRecord } from './services.ts'
import type { Row, Statements } from './statement.ts'

const OPEN =
  'insert into rollouts (service, kind, plan, baseline, started_at, asked_by) values (?, ?, ?, ?, ?, ?)'
const CLOSE = 'update rollouts set ended_at = ?, outcome = ?, because = ?, ledger = ? where id = ?'

export function rollouts(statements: Statements, lease: WriteLease, clock: Clock): Rollouts {
  const rolloutIn = (row: Row) => asRollout(statements, row)
  const read = (id: number) =>
    statements.all('select * from rollouts where id = ?', id).map(rolloutIn)[0]
  return {
    open: async (plan, kind, baseline, by) => {
      const id = lease.atomically(() => {
        const [running] = statements.all(
          'select id from rollouts where service = ? and ended_at is null',
          plan.service,
        )
        if (running) throw alreadyRunning(plan, Number(running['id']))
        const values = [
          plan.service,
          kind,
          JSON.stringify(plan),
          JSON.stringify(baseline),
          clock.now(),
          by ?? null,
        ]
        return statements.run(OPEN, ...values)
      })
      const opened = read(id)
      if (!opened) throw new Error(`rollout ${id} was written and is not there`)
      return opened
    },
    close: async (id, { outcome, because, ledger }, record) => {
      lease.atomically(() => {
        statements.run(CLOSE, clock.now(), outcome, orNull(because), orNull(ledger), id)
        writeRecord(statements, record.spec.name, record)
      })
    },
    list: async (service, { limit = 50 } = {}) =>
      statements
        .all('select * from rollouts where service = ? order by id desc limit ?', service, limit)
        .map(rolloutIn),
    read: async (id) => read(id),
    unfinished: async () =>
      statements
        .all('select service from rollouts where ended_at is null')
        .map((row) => String(row['service'])),
  }
}

function asRollout(statements: Statements, row: Row): Rollout {
  const ledger = row['ledger']
  const endedAt = row['ended_at']
  const by = row['asked_by']
  return {
    id: Number(row['id']),
    service: String(row['service']),
    kind: row['kind'] === 'rollback' ? 'rollback' : 'deploy',
    ...(typeof by === 'string' && { by }),
    plan: JSON.parse(String(row['plan'])) as Plan,
    baseline: JSON.parse(String(row['baseline'])) as Rollout['baseline'],
    startedAtMs: Number(row['started_at']),
    state: stateOf(statements, row),
    ...(endedAt !== null && { endedAtMs: Number(endedAt) }),
    ...(typeof ledger === 'string' && {
      ledger: JSON.parse(ledger) as NonNullable<Rollout['ledger']>,
    }),
  }
}

function stateOf(statements: Statements, row: Row): RolloutState {
  const { outcome, because } = row
  if (outcome === 'promoted' || outcome === 'undone' || outcome === 'stuck') {
    if (typeof because !== 'string') return { phase: 'finished', outcome }
    return { phase: 'finished', outcome, because: JSON.parse(because) as Problem }
  }
  const position = positionOf(entriesOf(statements, Number(row['id'])))
  if (position.phase === 'undoing') return position
  if (position.paused === undefined) return { phase: 'running', step: position.step }
  return { phase: 'paused', step: position.step, reason: position.paused }
}

function orNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

function alreadyRunning(plan: Plan, id: number): Problem {
  return new Problem('rollout-running', {
    message: `rollout ${id} of ${plan.service} is still running; a service has one rollout at a time`,
    hint: 'Watch it with `midflight status --watch`, end it with `midflight abort`, or deploy with --if-busy queue or --if-busy supersede.',
    data: { service: plan.service, rollout: id },
  })
}
