import { type Command, Option } from 'commander'
import type { IfBusy } from '../../api/contract.ts'
import type { Rollout } from '../../core/rollout.ts'
import { askedBy, asker } from '../asker.ts'
import { deployGroup, type GroupDeploy } from '../deploy-group.ts'
import { exitStatusOf, followRollout } from '../follow-rollout.ts'
import { refuseOutdatedCertificates } from '../refuse-outdated-certificates.ts'
import { refuseTakenPort } from '../refuse-taken-port.ts'
import { specFor } from '../spec-for.ts'
import { statusOf } from '../status-of.ts'
import { tellDoubts } from '../tell-doubts.ts'
import { verb } from '../verb.ts'
import { clientFor, commonOf, folderOf } from '../where.ts'

interface Options {
  readonly release?: string
  readonly strategy?: string
  readonly ifBusy: IfBusy
  readonly group?: string | true
  readonly by?: string
  readonly wait: boolean
}

export function deploy(): Command {
  return verb(
    'deploy',
    'Make a release of a folder and roll it out',
    'midflight deploy --strategy canary',
  )
    .argument('[path]', 'the folder that holds midflight.yaml')
    .option('--release <name>', 'the name of the new release (default: the next number)')
    .option('--strategy <name>', 'rolling, blue-green or canary, instead of the file’s')
    .addOption(ifBusy())
    .addOption(group())
    .addOption(asker())
    .option('--no-wait', 'return when the rollout has begun')
    .action(async (path: string | undefined, options: Options, command: Command) => {
      const common = commonOf(command)
      if (options.group !== undefined) {
        process.exitCode = await deployGroup(groupWish(path, options), common)
        return
      }
      const folder = folderOf(path)
      const spec = await specFor(folder, options.strategy)
      const client = clientFor(common)
      const known = await statusOf(client, spec.name)
      await refuseTakenPort(spec, known)
      await refuseOutdatedCertificates(folder, spec, known)
      const { release } = options
      const body = {
        spec,
        ifBusy: options.ifBusy,
        ...askedBy(options),
        ...(release !== undefined && { release }),
      }
      const rollout = await client.call<Rollout>('POST', `/v1/services/${spec.name}/deploy`, body)
      if (!options.wait)
        return console.log(
          common.json
            ? JSON.stringify(rollout)
            : `rollout ${rollout.id} has begun: midflight status --watch`,
        )
      process.exitCode = exitStatusOf(await followRollout(client, rollout, common))
      if (!common.json) await tellDoubts(client, spec.name)
    })
}

/** The file is named by the option, or is looked for in the folder. */
function groupWish(path: string | undefined, options: Options): GroupDeploy {
  const { group: file, release, strategy, ifBusy, by, wait } = options
  return {
    path: typeof file === 'string' ? file : path,
    ifBusy,
    wait,
    ...(release !== undefined && { release }),
    ...(strategy !== undefined && { strategy }),
    ...(by !== undefined && { by }),
  }
}

function group(): Option {
  return new Option(
    '--group [file]',
    'roll out several services as one, all or nothing (default: midflight.group.yaml in the folder)',
  )
}

/** What to do while another rollout of the service is running. */
export function ifBusy(): Option {
  return new Option(
    '--if-busy <what>',
    'when another rollout runs: refuse, queue behind it, or supersede (undo) it',
  )
    .choices(['refuse', 'queue', 'supersede'])
    .default('refuse')
}
