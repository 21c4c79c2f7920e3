import { Problem } from '../core/problem.ts'
import type { Address } from '../core/address.ts'
import { portOwner } from '../lib/port-owner.ts'

/** What to tell a user whose address cannot be listened on, from the system's error. */
export function bindProblem(address: Address, error: unknown): Problem {
  const place = `${address.host}:${address.port}`
  const parts = { data: { ...address }, cause: error }
  switch ((error as { code?: unknown }).code) {
    case 'EADDRINUSE':
      return portInUse(address, error)
    case 'EACCES':
    case 'EPERM':
      return new Problem('port-not-allowed', {
        ...parts,
        message: `this user may not listen on ${place}`,
        hint: 'Listen on a port from 1024 on, or allow it with `sysctl net.ipv4.ip_unprivileged_port_start` or the capability CAP_NET_BIND_SERVICE.',
      })
    default:
      return new Problem('address-unusable', {
        ...parts,
        message: `cannot listen on ${place}: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'Name an address of this machine, for example 127.0.0.1 or 0.0.0.0.',
      })
  }
}

function portInUse(address: Address, cause: unknown): Problem {
  const owner = portOwner(address.port)
  const by = owner ? ` by pid ${owner.pid} (${owner.command})` : ''
  return new Problem('port-in-use', {
    message: `port ${address.port} is in use${by}`,
    hint: owner
      ? `Stop it (\`kill ${owner.pid}\`), or choose another port under \`listen\`.`
      : 'Stop what listens there, or choose another port under `listen`.',
    data: { ...address, ...(owner ? { owner } : {}) },
    cause,
  })
}
