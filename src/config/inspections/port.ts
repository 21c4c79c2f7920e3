import { createServer } from 'node:net'
import type { Address } from '../../core/address.ts'
import { portOwner, type PortOwner } from '../../lib/port-owner.ts'
import { fine, type Finding, type Inspection } from './finding.ts'

/** Each port must be free, or Midflight's own. Binds it for a moment, because only the system knows whether it may. */
export const inspectPort: Inspection = async ({ listen, traffic }, { ownPids }) => {
  if (!listen) return []
  const redirect = traffic?.entry?.tls?.redirect
  const addresses = redirect ? [listen, redirect] : [listen]
  return Promise.all(addresses.map(async (address) => findingAt(address, ownPids)))
}

async function findingAt(address: Address, ownPids: readonly number[]): Promise<Finding> {
  const { port } = address
  const code = await bindingError(address)
  if (code === undefined)
    return fine('port-free', `port ${port} is free`, 'users reach the service there')
  const owner = code === 'EADDRINUSE' ? portOwner(port) : undefined
  if (owner && ownPids.includes(owner.pid))
    return fine('port-ours', `port ${port} is held by Midflight itself`, 'it runs already')
  return portFinding(address, code, owner)
}

/** What it means that the system refused the address. */
export function portFinding(listen: Address, code: string, owner?: PortOwner): Finding {
  const refused = { level: 'error', why: 'users could not reach the service' } as const
  switch (code) {
    case 'EADDRINUSE': {
      const by = owner ? `process ${owner.pid} (${owner.command})` : 'another process'
      const hint = `End ${owner ? `process ${owner.pid}` : 'it'}, or give another port: listen: ${listen.port + 1}`
      return { ...refused, code: 'port-taken', what: `port ${listen.port} is taken by ${by}`, hint }
    }
    case 'EACCES':
      return {
        ...refused,
        code: 'port-forbidden',
        what: `you may not listen on port ${listen.port}`,
        hint: 'Give a port from 1024, or allow it: sudo sysctl net.ipv4.ip_unprivileged_port_start=80',
      }
    default:
      return {
        ...refused,
        code: 'address-missing',
        what: `this machine cannot listen on ${listen.host} (${code})`,
        hint: 'Give an address of this machine, or just the port.',
      }
  }
}

function bindingError(listen: Address): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ ...listen, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
