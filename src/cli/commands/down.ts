import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import type { ApiClient } from '../../api/client.ts'
import type { Greeting } from '../../api/contract.ts'
import { Problem } from '../../core/problem.ts'
import { identify, isAlive, type ProcessIdentity } from '../../lib/process-identity.ts'
import { verb } from '../verb.ts'
import { version } from '../version.ts'
import { clientFor, commonOf, stateDirectory } from '../where.ts'

const EACH_MS = 20

export function down(): Command {
  return verb(
    'down',
    'End the services, the proxy and the controller; `up` brings the same release back',
    'midflight down',
  ).action(async (_options: object, command: Command) => {
    const common = commonOf(command)
    try {
      await askToEnd(clientFor(common))
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'controller-missing') throw error
      await downWithoutController(stateDirectory(common))
    }
    console.log(
      common.json
        ? JSON.stringify({ ok: true })
        : 'everything has ended; `midflight up` brings it back',
    )
  })
}

/** Resolves when the controller, which ends last, has ended: nothing of it is left when the command returns. */
async function askToEnd(client: ApiClient): Promise<void> {
  const { pid } = await client.call<Greeting>('GET', '/v1')
  const controller = identify(pid)
  await client.call('POST', '/v1/down')
  if (controller) await gone(controller)
}

async function gone(process: ProcessIdentity): Promise<void> {
  while (isAlive(process)) await setTimeout(EACH_MS)
}

/** A controller that died has left its instances and the proxy running: this process takes its place to end them. */
async function downWithoutController(directory: string): Promise<void> {
  const { startApp } = await import('../../app.ts')
  const app = await startApp({ stateDirectory: directory, version: version() })
  await app.down()
}
