import type { Command } from 'commander'
import type { HoldBody } from '../../api/contract.ts'
import { verb } from '../verb.ts'
import { clientFor, commonOf, serviceOf } from '../where.ts'
import { heldLine } from '../words.ts'

export function hold(): Command {
  return verb(
    'hold',
    'Let requests wait until midflight release, at most limits.hold each',
    'midflight hold --writes',
  )
    .option('--writes', 'only those that may change something; GET, HEAD and OPTIONS go on')
    .action(async (options: { writes?: boolean }, command: Command) => {
      const common = commonOf(command)
      const client = clientFor(common)
      const service = await serviceOf(client, common)
      const body: HoldBody = { requests: options.writes ? 'writes' : 'all' }
      await client.call('POST', `/v1/services/${service}/hold`, body)
      console.log(common.json ? JSON.stringify({ ok: true }) : heldLine(body.requests))
    })
}
