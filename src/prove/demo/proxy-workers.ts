import { join } from 'node:path'
import { getJson } from '../../lib/get-json.ts'

/** The pids of the proxy's workers, as its supervisor tells them. */
export async function proxyWorkers(stateDirectory: string): Promise<readonly number[]> {
  const status = await getJson(join(stateDirectory, 'proxy', 'control.sock'), '/status')
  return (status as { workers: readonly { pid: number }[] }).workers.map((worker) => worker.pid)
}
