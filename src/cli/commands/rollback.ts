import type { Command } from 'commander'
import type { IfBusy } from '../../api/contract.ts'
import type { Rollout } from '../../core/rollout.ts'
import { askedBy, asker } from '../asker.ts'
import { exitStatusOf, followRollout } from '../follow-rollout.ts'
import { verb } from '../verb.ts'
import { clientFor, commonOf, serviceOf } from '../where.ts'
import { ifBusy } from './deploy.ts'

export function rollback(): Command {
  return verb(
    'rollback',
    'Go back to the release before, at once when it is still warm',
    'midflight rollback',
  )
    .argument('[release]', 'the release to go back to (default: the last good one)')
    .addOption(ifBusy())
    .addOption(asker())
    .action(
      async (
        release: string | undefined,
        options: { ifBusy: IfBusy; by?: string },
        command: Command,
      ) => {
        const common = commonOf(command)
        const client = clientFor(common)
        const service = await serviceOf(client, common)
        const body = {
          ifBusy: options.ifBusy,
          ...askedBy(options),
          ...(release !== undefined && { release }),
        }
        const rollout = await client.call<Rollout>('POST', `/v1/services/${service}/rollback`, body)
        process.exitCode = exitStatusOf(await followRollout(client, rollout, common))
      },
    )
}
