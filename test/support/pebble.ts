import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Address } from '../../src/core/address.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { certificate } from './certificate.ts'
import { isListening } from './is-listening.ts'
import { until } from './until.ts'

/** The authority that Let's Encrypt tests clients with. It looks up every name as 127.0.0.1. */
export interface Pebble {
  readonly directory: string
  /** The root to trust when talking to it. */
  readonly root: string
  stop(): Promise<void>
}

/** Why there is no authority to test with; nothing when there is. */
export function pebbleMissing(): string | undefined {
  try {
    for (const command of ['pebble', 'pebble-challtestsrv'])
      execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'pipe' })
    return undefined
  } catch {
    return 'pebble is not on PATH: go install github.com/letsencrypt/pebble/v2/cmd/...@latest'
  }
}

export interface PebbleOptions {
  readonly folder: string
  /** Where it knocks for proofs, in place of the ports 80 and 443. */
  readonly http: Address
  readonly https: Address
  /** How long what it issues is good for. */
  readonly lifeSeconds: number
}

export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const { folder, http, https, lifeSeconds } = options
  const [api, management, dns, dnsManagement] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ])
  const own = certificate(folder, 'pebble', ['127.0.0.1'])
  const config = join(folder, 'pebble.json')
  const pebble = {
    listenAddress: `127.0.0.1:${api}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: own.cert,
    privateKey: own.key,
    httpPort: http.port,
    tlsPort: https.port,
    retryAfter: { authz: 1, order: 1 },
    profiles: { default: { description: 'for tests', validityPeriod: lifeSeconds } },
  }
  writeFileSync(config, JSON.stringify({ pebble }))
  const nowhere = ['-doh', '', '-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv6', '']
  const names = ['-dnsserver', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${dnsManagement}`]
  const processes = [
    started('pebble-challtestsrv', [...nowhere, ...names]),
    started('pebble', ['-config', config, '-dnsserver', `127.0.0.1:${dns}`]),
  ]
  for (const port of [api, dnsManagement]) await until(() => isListening(port), Boolean)
  return {
    directory: `https://127.0.0.1:${api}/dir`,
    root: own.cert,
    stop: async () => {
      await Promise.all(processes.map(stopped))
    },
  }
}

function started(command: string, args: readonly string[]): ChildProcess {
  // It waits some seconds before it looks for a proof, to be like the real one; a test has no use for that.
  const env = { ...process.env, PEBBLE_VA_NOSLEEP: '1' }
  return spawn(command, args, { env, stdio: 'ignore' })
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill()
  await exit
}
