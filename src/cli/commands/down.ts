import type { Command } from 'commander'
import { Problem } from '../../core/problem.ts'
import { verb } from '../verb.ts'
import { version } from '../version.ts'
import { clientFor, commonOf, stateDirectory } from '../where.ts'

export function down(): Command {
  return verb(
    'down',
    'End the services, the proxy and the controller; `up` brings the same release back',
    'midflight down',
  ).action(async (_options: object, command: Command) => {
    const common = commonOf(command)
    try {
      await clientFor(common).call('POST', '/v1/down')
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

/** A controller that died has left its instances and the proxy running: this process takes its place to end them. */
async function downWithoutController(directory: string): Promise<void> {
  const { startApp } = await import('../../app.ts')
  const app = await startApp({ stateDirectory: directory, version: version() })
  await app.down()
}
