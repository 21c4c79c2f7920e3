import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'

/** What a server on a unix socket of this machine answers to GET. Rejects with the system's error when nobody is there. */
export async function getJson(socketPath: string, path: string): Promise<unknown> {
  const asking = request({ socketPath, path, agent: false }).end()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  return json(answer)
}
