import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RouteInstance } from '../../src/core/route.ts'

/** A server over HTTP that plays an instance. How it answers its check and its users may change at any time. */
export interface PlayedInstance {
  readonly routed: RouteInstance
  onCheck: (response: ServerResponse) => void
  onUser: (response: ServerResponse) => void
  /** How often each was asked. */
  readonly asked: { checks: number; users: number }
  /** How many connections users came over. */
  connections(): number
  /** Ends as a process does that is killed: its connections break, and new ones are refused. */
  kill(): Promise<void>
}

/** `at` is a port that is free, when it must be that one. */
export async function playedInstance(slot = 0, at = 0, generation = 'g1'): Promise<PlayedInstance> {
  const asked = { checks: 0, users: 0 }
  const sockets = new Set<unknown>()
  const server = createServer((request, response) => {
    if (request.url === '/up') {
      asked.checks += 1
      played.onCheck(response)
      return
    }
    asked.users += 1
    sockets.add(request.socket)
    played.onUser(response)
  })
  server.keepAliveTimeout = 60_000
  server.listen(at, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const played: PlayedInstance = {
    routed: {
      id: `shop.v1.${slot}`,
      release: 'v1',
      address: { host: '127.0.0.1', port },
      state: 'serving',
      generation,
    },
    onCheck: answer(200),
    onUser: answer(200),
    asked,
    connections: () => sockets.size,
    kill: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return played
}

export function answer(status: number): (response: ServerResponse) => void {
  return (response) => void response.writeHead(status).end(String(status))
}
