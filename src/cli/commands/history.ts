import type { Command } from 'commander'
import type { Rollout } from '../../core/rollout.ts'
import { table } from '../table.ts'
import { verb } from '../verb.ts'
import { clientFor, commonOf, serviceOf } from '../where.ts'
import { duration, number, stateOf } from '../words.ts'

const HEADINGS = [
  'rollout',
  'when',
  'what',
  'from',
  'to',
  'outcome',
  'took',
  'requests',
  'failed',
  'why',
]

export function history(): Command {
  return verb('history', 'Show the rollouts so far, newest first', 'midflight history').action(
    async (_options: object, command: Command) => {
      const common = commonOf(command)
      const client = clientFor(common)
      const service = await serviceOf(client, common)
      const rollouts = await client.call<readonly Rollout[]>(
        'GET',
        `/v1/services/${service}/history`,
      )
      if (common.json) return console.log(JSON.stringify(rollouts))
      console.log(table(HEADINGS, rollouts.map(row)))
    },
  )
}

function row(rollout: Rollout): string[] {
  const { id, startedAtMs, endedAtMs, kind, plan, state, ledger } = rollout
  return [
    String(id),
    new Date(startedAtMs).toISOString().slice(0, 19).replace('T', ' '),
    kind === 'rollback' ? 'rollback' : plan.strategy,
    plan.from ?? '-',
    plan.to,
    stateOf(rollout),
    endedAtMs === undefined ? '-' : duration(endedAtMs - startedAtMs),
    ledger ? number(ledger.requests) : '-',
    ledger ? number(ledger.failed) : '-',
    state.phase === 'finished' ? (state.because?.code ?? '') : '',
  ]
}
