import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'

/** The proxy's processes on this state directory: their hold on the service's port is as it should be. */
export async function ownPids(stateDirectory: string): Promise<readonly number[]> {
  const socketPath = join(stateDirectory, 'proxy', 'control.sock')
  try {
    const asking = request({ socketPath, path: '/status', agent: false }).end()
    const [answer] = (await once(asking, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
    const { pid, workers } = JSON.parse(text) as {
      pid: number
      workers: readonly { pid: number }[]
    }
    return [pid, ...workers.map((worker) => worker.pid)]
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return []
    throw error
  }
}
