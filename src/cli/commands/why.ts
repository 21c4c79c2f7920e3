import { type Command, InvalidArgumentError } from 'commander'
import type { ApiClient } from '../../api/client.ts'
import type { Account, Replay } from '../../core/account.ts'
import { Problem } from '../../core/problem.ts'
import type { Rollout } from '../../core/rollout.ts'
import { accountText, replayText } from '../account-text.ts'
import { verb } from '../verb.ts'
import { clientFor, type Common, commonOf, serviceOf } from '../where.ts'

export function why(): Command {
  return verb(
    'why',
    'Show every decision of a rollout, with the numbers behind it',
    'midflight why 12 --replay',
  )
    .argument('[rollout]', 'its number (default: the last one of the service)', numberOf)
    .option('--replay', 'show the judge again what it saw, and say whether it comes to the same')
    .action(async (rollout: number | undefined, options: { replay?: true }, command: Command) => {
      const common = commonOf(command)
      const client = clientFor(common)
      const path = `/v1/rollouts/${rollout ?? (await lastOf(client, common))}`
      if (options.replay) {
        const replayed = await client.call<Replay>('GET', `${path}/replay`)
        return console.log(common.json ? JSON.stringify(replayed) : replayText(replayed))
      }
      const account = await client.call<Account>('GET', `${path}/why`)
      console.log(common.json ? JSON.stringify(account) : accountText(account))
    })
}

async function lastOf(client: ApiClient, common: Common): Promise<number> {
  const service = await serviceOf(client, common)
  const [last] = await client.call<readonly Rollout[]>(
    'GET',
    `/v1/services/${service}/history?limit=1`,
  )
  if (last) return last.id
  throw new Problem('no-rollout', {
    message: `${service} has had no rollout yet`,
    hint: 'Start one: midflight deploy',
    data: { service },
  })
}

function numberOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('it must be the number of a rollout: midflight history')
}
