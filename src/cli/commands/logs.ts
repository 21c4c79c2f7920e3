import type { Command } from 'commander'
import type { LogLine } from '../../api/contract.ts'
import type { AccessRecord } from '../../core/access.ts'
import { accessLine } from '../access-line.ts'
import { verb } from '../verb.ts'
import { clientFor, commonOf, serviceOf } from '../where.ts'

interface Options {
  readonly follow?: boolean
  readonly lines: string
  readonly instance?: string
  readonly access?: boolean
}

export function logs(): Command {
  return verb('logs', 'Show what the instances print', 'midflight logs v2 --follow')
    .argument('[release]', 'the release (default: the live one)')
    .option('-f, --follow', 'go on as they print more')
    .option('-n, --lines <count>', 'how many lines of each instance to begin with', '100')
    .option('--access', 'show the requests that the proxy answered instead')
    .option('--instance <slot>', 'only this instance, counted from 0')
    .action(async (release: string | undefined, options: Options, command: Command) => {
      const common = commonOf(command)
      const client = clientFor(common)
      const service = await serviceOf(client, common)
      const query = new URLSearchParams({
        lines: options.lines,
        follow: String(options.follow ?? false),
      })
      if (release !== undefined) query.set('release', release)
      if (options.instance !== undefined) query.set('instance', options.instance)
      const path = `/v1/services/${service}/${options.access ? 'access' : 'logs'}?${query.toString()}`
      const print = options.access ? accessLine : logLine
      for await (const line of client.stream<LogLine & AccessRecord>(path)) {
        console.log(common.json ? JSON.stringify(line) : print(line))
      }
    })
}

function logLine({ instance, line }: LogLine): string {
  return `${instance}  ${line}`
}
