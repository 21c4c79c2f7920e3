import { join } from 'node:path'
import { getJson } from '../lib/get-json.ts'
import { isNobodyThere } from '../lib/nobody-there.ts'

/** The proxy's processes on this state directory: their hold on the service's port is as it should be. */
export async function ownPids(stateDirectory: string): Promise<readonly number[]> {
  try {
    const status = await getJson(join(stateDirectory, 'proxy', 'control.sock'), '/status')
    const { pid, workers } = status as { pid: number; workers: readonly { pid: number }[] }
    return [pid, ...workers.map((worker) => worker.pid)]
  } catch (error) {
    // A state directory that is closed to us is told of by the inspection of it.
    if (isNobodyThere(error) || (error as { code?: unknown }).code === 'EACCES') return []
    throw error
  }
}
