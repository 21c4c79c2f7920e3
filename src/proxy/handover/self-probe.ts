import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import type { ServiceName } from '../../core/names.ts'
import type { DataPlane } from '../plane/data-plane-port.ts'

const TIMEOUT_MS = 5_000
const TRIES = 3

/**
 * Sends requests to a service through this very data plane, by a port of loopback that is open for just that long, and
 * resolves with what is wrong, or with nothing. Any answer is good but the proxy's own that no instance could be asked.
 */
export async function selfProbe(
  plane: DataPlane,
  service: ServiceName,
  path: string,
): Promise<string | undefined> {
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  plane.serveInside(service, server)
  server.listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    let fault: string | undefined
    for (let tries = 0; tries < TRIES; tries += 1) {
      fault = await faultOf(port, service, path)
      if (fault === undefined) return undefined
    }
    return fault
  } finally {
    server.close()
  }
}

async function faultOf(port: number, host: string, path: string): Promise<string | undefined> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const headers = { host, 'user-agent': 'midflight-probe', connection: 'close' }
  const asked = request({ host: '127.0.0.1', port, path, headers, agent: false, signal })
  try {
    asked.end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    await once(answer, 'end')
    const status = answer.statusCode ?? 0
    return status >= 500 ? `it answers ${status} on GET ${path}` : undefined
  } catch (error) {
    return `GET ${path} has no answer: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    asked.destroy()
  }
}
