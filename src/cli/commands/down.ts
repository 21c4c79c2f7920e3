import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { ApiClient } from '../../api/client.ts'
import type { Greeting } from '../../api/contract.ts'
import { Problem } from '../../core/problem.ts'
import { identify, untilGone } from '../../lib/process-identity.ts'
import { removeSealed } from '../../lib/remove-sealed.ts'
import { verb } from '../verb.ts'
import { version } from '../../lib/version.ts'
import { clientFor, commonOf, stateDirectory } from '../where.ts'

const DESCRIPTION =
  'End the services, the proxy and the controller; `up` brings the same release back'

export function down(): Command {
  return verb('down', DESCRIPTION, 'midflight down')
    .option('--purge', 'remove the state directory too: releases, logs and history are gone then')
    .action(async (options: { purge?: boolean }, command: Command) => {
      const common = commonOf(command)
      await end(common)
      if (options.purge) await removeSealed(stateDirectory(common))
      if (common.json) return console.log(JSON.stringify({ ok: true }))
      console.log(
        options.purge
          ? 'everything has ended, and its state is removed'
          : 'everything has ended; `midflight up` brings it back',
      )
    })
}

async function end(common: ReturnType<typeof commonOf>): Promise<void> {
  try {
    await askToEnd(clientFor(common))
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'controller-missing') throw error
    await endWithoutController(stateDirectory(common))
  }
}

/** Resolves when the controller, which ends last, has ended: nothing of it is left when the command returns. */
async function askToEnd(client: ApiClient): Promise<void> {
  const { pid } = await client.call<Greeting>('GET', '/v1')
  const controller = identify(pid)
  await client.call('POST', '/v1/down')
  if (controller) await untilGone(controller)
}

/** A controller that died has left its instances and the proxy running: this process takes its place to end them. */
async function endWithoutController(directory: string): Promise<void> {
  // Every controller has left its lock here; a state.db may have been lost since, and instances run all the same.
  if (!existsSync(join(directory, 'controller.lock'))) throw nothingHere(directory)
  const { startApp } = await import('../../app.ts')
  const app = await startApp({ stateDirectory: directory, version: version() })
  await app.down()
}

function nothingHere(directory: string): Problem {
  return new Problem('state-missing', {
    message: `there is no state of Midflight in ${directory}, so nothing of it runs`,
    hint: 'Stand where you ran `midflight up`, or name its state directory: --state DIR.',
    data: { directory },
  })
}
