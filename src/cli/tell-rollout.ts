import type { Command } from 'commander'
import { askedBy, asker } from './asker.ts'
import { findGroup } from './find-group.ts'
import { verb } from './verb.ts'
import { clientFor, commonOf, serviceOf } from './where.ts'

interface Telling {
  readonly name: 'promote' | 'pause' | 'resume' | 'abort'
  readonly description: string
  /** What is printed when the controller has heard it. */
  readonly heard: string
  readonly takesReason: 'yes' | 'no'
  /** It may be told to a whole group. */
  readonly takesGroup?: 'yes'
}

interface Options {
  readonly reason?: string
  readonly by?: string
  readonly full?: true
  readonly group?: string
}

/** A verb that tells the running rollout something. */
export function tellRollout({
  name,
  description,
  heard,
  takesReason,
  takesGroup,
}: Telling): Command {
  const command = verb(name, description, `midflight ${name}`).addOption(asker())
  if (takesReason === 'yes')
    command.option('--reason <words>', 'why, for the record', 'asked by a person')
  if (takesGroup) command.option('--group <name>', 'all services of this group')
  return command.action(async (options: Options) => {
    const common = commonOf(command)
    const client = clientFor(common)
    const { reason, full, group } = options
    const about =
      group === undefined
        ? `services/${await serviceOf(client, common)}`
        : `groups/${(await findGroup(client, group)).id}`
    const body = {
      ...askedBy(options),
      ...(reason !== undefined && { reason }),
      ...(full && { holds: 'all' }),
    }
    await client.call('POST', `/v1/${about}/${name}`, body)
    console.log(common.json ? JSON.stringify({ ok: true }) : heard)
  })
}
