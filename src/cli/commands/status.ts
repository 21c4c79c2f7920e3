import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Status } from '../../api/contract.ts'
import { proxyLine } from '../proxy-line.ts'
import { proxyOf, type ProxySummary } from '../proxy-of.ts'
import { statusText } from '../status-text.ts'
import { verb } from '../verb.ts'
import { clientFor, type Common, commonOf, serviceOf, stateDirectory } from '../where.ts'

const EACH_MS = 500
const HOME_AND_CLEAR = '\u001B[H\u001B[J'

export function status(): Command {
  return verb(
    'status',
    'Show what serves now, and the rollout that runs or was last',
    'midflight status --watch',
  )
    .option('-w, --watch', 'show it again and again until Ctrl-C')
    .action(async (options: { watch?: boolean }, command: Command) => {
      const common = commonOf(command)
      const client = clientFor(common)
      const service = await serviceOf(client, common)
      for (;;) {
        const seen = await client.call<Status>('GET', `/v1/services/${service}/status`)
        const proxy = await localProxy(common)
        const text = common.json
          ? JSON.stringify({ ...seen, ...(proxy && { proxy }) })
          : [statusText(seen, Date.now()), ...(proxy ? [proxyLine(proxy)] : [])].join('\n')
        console.log(options.watch && process.stdout.isTTY ? HOME_AND_CLEAR + text : text)
        process.exitCode = seen.isDegraded ? 1 : 0
        if (!options.watch) return
        await setTimeout(EACH_MS)
      }
    })
}

/** The proxy of this machine; none is shown when the controller is asked over TCP. */
async function localProxy(common: Common): Promise<ProxySummary | undefined> {
  if (process.env['MIDFLIGHT_API'] !== undefined) return undefined
  return await proxyOf(stateDirectory(common))
}
