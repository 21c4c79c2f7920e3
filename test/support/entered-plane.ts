import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { CertificateFiles, EntrySpec, TlsSpec } from '../../src/core/entry.ts'
import type { LimitSpec } from '../../src/core/service.ts'
import { createDataPlane } from '../../src/proxy/plane/data-plane.ts'
import type { ServiceTally } from '../../src/proxy/plane/data-plane-port.ts'
import type { Proof, ServiceCredentials } from '../../src/proxy/tls/credentials.ts'
import { instanceAt, LIMITS } from './plane-under-test.ts'

/** A data plane that serves `shop` to clients who come in by an entry. */
export interface EnteredPlane {
  readonly port: number
  readonly redirectPort: number
  enter(entry: Partial<EntrySpec>, limits?: Partial<LimitSpec>): void
  show(certificates: readonly CertificateFiles[], proofs?: readonly Proof[]): void
  tally(): ServiceTally
  drain(patienceMs: number): Promise<void>
  close(): Promise<void>
}

export const TLS: TlsSpec = { certificates: [], minVersion: 'TLSv1.2' }

export async function enteredPlane(instancePort: number): Promise<EnteredPlane> {
  const plane = createDataPlane({ onRefused: () => undefined })
  const sockets = new Set<Socket>()
  const servers = [await listening(sockets), await listening(sockets)]
  const [port = 0, redirectPort = 0] = servers.map(portOf)
  const instance = instanceAt(instancePort)
  const ticketKey = randomBytes(48).toString('base64')
  plane.serve('shop', servers[0]!)
  plane.redirect('shop', servers[1]!)
  return {
    port,
    redirectPort,
    enter: (entry, limits) => {
      const whole: EntrySpec = { http2: false, proxyProtocol: false, trusted: [], ...entry }
      plane.apply([
        {
          service: 'shop',
          listen: { host: '127.0.0.1', port },
          weights: { v1: 10_000 },
          instances: [instance],
          ready: { path: '/', intervalMs: 1000, timeoutMs: 1000, up: 1, down: 1, startupMs: 1000 },
          limits: { ...LIMITS, ...limits },
          traffic: { entry: whole },
        },
      ])
      plane.mark([{ id: instance.id, generation: instance.generation, health: 'up' }])
    },
    show: (certificates, proofs = []) =>
      plane.equip('shop', credentials(ticketKey, certificates, proofs)),
    tally: () => plane.tally()['shop']!,
    drain: (patienceMs) => plane.drain(patienceMs),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

function credentials(
  ticketKey: string,
  files: readonly CertificateFiles[],
  proofs: readonly Proof[],
): ServiceCredentials {
  const certificates = files.map(({ cert, key }) => ({
    cert: readFileSync(cert, 'utf8'),
    key: readFileSync(key, 'utf8'),
  }))
  return { ticketKey, certificates, proofs }
}

async function listening(sockets: Set<Socket>): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, '127.0.0.1')
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
