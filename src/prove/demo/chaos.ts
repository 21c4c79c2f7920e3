import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectionsOf } from '../connections-of.ts'
import type { Load } from '../load.ts'
import { midflight } from './midflight.ts'
import { proxyWorkers } from './proxy-workers.ts'
import type { Workspace } from './workspace.ts'

/** Kills the controller as a crash would, and starts the next one as a service manager would. */
export async function killController({ folder, stateDirectory }: Workspace): Promise<void> {
  const pid = Number(await readFile(join(stateDirectory, 'controller.pid'), 'utf8'))
  process.kill(pid, 'SIGKILL')
  const { exitStatus, errors } = await midflight(folder, ['up', '--detach', '--no-deploy'])
  if (exitStatus !== 0) throw new Error(`the controller did not come back: ${errors}`)
}

/**
 * Kills one worker of the proxy. What it was carrying dies with it, as with any process, so its connections are
 * announced: stopped first, so that it takes no further one between the look and the kill.
 */
export async function killWorker({ stateDirectory, listen }: Workspace, load: Load): Promise<void> {
  const [pid] = await proxyWorkers(stateDirectory)
  if (pid === undefined) throw new Error('the proxy has no worker to kill')
  process.kill(pid, 'SIGSTOP')
  load.sever(await connectionsOf(pid, listen.port))
  process.kill(pid, 'SIGKILL')
}
