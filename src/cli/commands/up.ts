import { type Command, InvalidArgumentError } from 'commander'
import { detach } from '../detach.ts'
import { firstDeploy } from '../first-deploy.ts'
import { serveUntilSignal } from '../serve.ts'
import { specFor } from '../spec-for.ts'
import { verb } from '../verb.ts'
import { commonOf, folderOf, stateDirectory } from '../where.ts'

interface Options {
  readonly detach?: boolean
  readonly deploy: boolean
  readonly workers?: number
  readonly api?: string
}

export function up(): Command {
  return verb(
    'up',
    'Start the controller and the proxy, and the service as it is meant to be',
    'midflight up --detach',
  )
    .argument('[path]', 'the folder that holds midflight.yaml')
    .option('-d, --detach', 'return when the service runs, and leave the controller running')
    .option('--no-deploy', 'start what is known already, release nothing new')
    .option('--workers <count>', 'workers of the proxy (default: one a core)', positive)
    .option(
      '--api <host:port>',
      'serve the API over TCP too; it needs the token in MIDFLIGHT_TOKEN',
    )
    .action(async (path: string | undefined, options: Options, command: Command) => {
      const common = commonOf(command)
      const folder = folderOf(path)
      const directory = stateDirectory(common)
      const spec = options.deploy ? await specFor(folder) : undefined
      const { workers, api } = options
      const settings = {
        stateDirectory: directory,
        ...(workers !== undefined && { workers }),
        ...(api !== undefined && { api }),
      }
      if (options.detach) {
        await detach(folder, settings)
        if (spec)
          process.exitCode = await firstDeploy(spec, { ...common, folder, state: directory })
        return
      }
      await serveUntilSignal(settings, async (over) => {
        if (!spec) return
        await firstDeploy(spec, { ...common, folder, state: directory }, over)
        if (!common.json) console.log('Ctrl-C ends the controller alone; the service goes on')
      })
    })
}

function positive(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0 && count <= 256) return count
  throw new InvalidArgumentError('It must be a whole number from 1 to 256.')
}
