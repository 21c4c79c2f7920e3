import type { Command } from 'commander'
import { verb } from '../verb.ts'
import { clientFor, commonOf, serviceOf } from '../where.ts'

export function release(): Command {
  return verb('release', 'Let the requests go that hold let wait', 'midflight release').action(
    async (_options: object, command: Command) => {
      const common = commonOf(command)
      const client = clientFor(common)
      const service = await serviceOf(client, common)
      await client.call('POST', `/v1/services/${service}/release`, {})
      console.log(common.json ? JSON.stringify({ ok: true }) : 'requests go on')
    },
  )
}
