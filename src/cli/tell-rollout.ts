import type { Command } from 'commander'
import { askedBy, asker } from './asker.ts'
import { verb } from './verb.ts'
import { clientFor, commonOf, serviceOf } from './where.ts'

interface Telling {
  readonly name: 'promote' | 'pause' | 'resume' | 'abort'
  readonly description: string
  /** What is printed when the controller has heard it. */
  readonly heard: string
  readonly takesReason: 'yes' | 'no'
}

interface Options {
  readonly reason?: string
  readonly by?: string
  readonly full?: true
}

/** A verb that tells the running rollout something. */
export function tellRollout({ name, description, heard, takesReason }: Telling): Command {
  const command = verb(name, description, `midflight ${name}`).addOption(asker())
  if (takesReason === 'yes')
    command.option('--reason <words>', 'why, for the record', 'asked by a person')
  return command.action(async (options: Options) => {
    const common = commonOf(command)
    const client = clientFor(common)
    const service = await serviceOf(client, common)
    const { reason, full } = options
    const body = {
      ...askedBy(options),
      ...(reason !== undefined && { reason }),
      ...(full && { holds: 'all' }),
    }
    await client.call('POST', `/v1/services/${service}/${name}`, body)
    console.log(common.json ? JSON.stringify({ ok: true }) : heard)
  })
}
