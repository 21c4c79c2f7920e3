import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'

/** The pids of the proxy's workers, as its supervisor tells them. */
export async function proxyWorkers(stateDirectory: string): Promise<readonly number[]> {
  const socketPath = join(stateDirectory, 'proxy', 'control.sock')
  const asking = request({ socketPath, path: '/status', agent: false }).end()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
  const { workers } = JSON.parse(text) as { workers: readonly { pid: number }[] }
  return workers.map((worker) => worker.pid)
}
