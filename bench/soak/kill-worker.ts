import { connectionsOf } from '../../src/prove/connections-of.ts'
import type { Load } from '../../src/prove/load.ts'
import type { ProxyControl } from '../proxy-control.ts'

/**
 * Kills one worker of the proxy with SIGKILL, after announcing to the load what it holds: stopped first, so that it
 * takes no further connection between the look and the kill. The eldest is spared: it lives all the time, and so shows
 * what a worker's memory does in the long run.
 */
export async function killWorker(control: ProxyControl, port: number, load: Load): Promise<void> {
  const [, pid] = await control.workers()
  if (pid === undefined) throw new Error('the proxy has no second worker to kill')
  process.kill(pid, 'SIGSTOP')
  load.sever(await connectionsOf(pid, port))
  process.kill(pid, 'SIGKILL')
}
