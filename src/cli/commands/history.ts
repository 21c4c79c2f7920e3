import { type Command, InvalidArgumentError } from 'commander'
import type { Rollout } from '../../core/rollout.ts'
import { tellGroups } from '../tell-groups.ts'
import { table } from '../table.ts'
import { verb } from '../verb.ts'
import { clientFor, commonOf, serviceOf } from '../where.ts'
import { duration, ledgerInBrief, number, stateOf, timeOf } from '../words.ts'

const HEADINGS = ['rollout', 'when', 'what', 'from', 'to', 'outcome', 'took', 'by', 'ledger', 'why']

export function history(): Command {
  return verb('history', 'Show the rollouts so far, newest first', 'midflight history -n 5')
    .option('-n, --number <count>', 'how many at the most', countOf, 20)
    .option('--group', 'the groups: several services rolled out as one')
    .action(async (options: { number: number; group?: true }, command: Command) => {
      const common = commonOf(command)
      const client = clientFor(common)
      if (options.group) return tellGroups(client, common)
      const service = await serviceOf(client, common)
      const path = `/v1/services/${service}/history?limit=${options.number}`
      const rollouts = await client.call<readonly Rollout[]>('GET', path)
      if (common.json) return console.log(JSON.stringify(rollouts))
      console.log(table(HEADINGS, rollouts.map(row)))
      if (rollouts.length > 0) console.log('one of them in full: midflight why NUMBER')
    })
}

function row(rollout: Rollout): string[] {
  const { id, startedAtMs, endedAtMs, kind, plan, state, ledger, by } = rollout
  return [
    String(id),
    timeOf(startedAtMs),
    kind === 'rollback' ? 'rollback' : plan.strategy,
    plan.from ?? '-',
    plan.to,
    stateOf(rollout),
    endedAtMs === undefined ? '-' : duration(endedAtMs - startedAtMs),
    by ?? '-',
    ledger ? ledgerInBrief(ledger, plan) : '-',
    state.phase === 'finished' ? (state.because?.code ?? '') : '',
  ]
}

function countOf(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0 && count <= 10_000) return count
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${number(10_000)}.`)
}
