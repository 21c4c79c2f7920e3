import type { Command } from 'commander'
import type { Plan } from '../../core/plan.ts'
import { specFor } from '../spec-for.ts'
import { verb } from '../verb.ts'
import { clientFor, commonOf, folderOf } from '../where.ts'

interface Planned {
  readonly plan: Plan
  readonly steps: readonly string[]
}

export function plan(): Command {
  return verb('plan', 'Show what a deploy would do, and do nothing', 'midflight plan')
    .argument('[path]', 'the folder that holds midflight.yaml')
    .option('--strategy <name>', 'rolling, blue-green or canary, instead of the file’s')
    .action(async (path: string | undefined, options: { strategy?: string }, command: Command) => {
      const common = commonOf(command)
      const folder = folderOf(path)
      const spec = await specFor(folder, options.strategy)
      const client = clientFor(common)
      const planned = await client.call<Planned>('POST', `/v1/services/${spec.name}/plan`, { spec })
      if (common.json) return console.log(JSON.stringify(planned))
      const { strategy, from, to } = planned.plan
      console.log(`${spec.name}: ${strategy} from ${from ?? 'nothing'} to ${to}`)
      for (const [index, step] of planned.steps.entries()) console.log(`  ${index + 1} ${step}`)
    })
}
