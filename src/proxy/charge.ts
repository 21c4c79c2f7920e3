import { isDeepStrictEqual } from 'node:util'
import type { ServiceName } from '../core/names.ts'
import type { Route, Snapshot } from '../core/route.ts'
import type { Address } from '../core/address.ts'
import { bindSocket, type ListeningSocket } from './listening-socket.ts'

/** What the proxy has in its charge: the routes in force and the sockets they are reached by. Never changed, only replaced. */
export interface Charge {
  readonly snapshot: Snapshot
  readonly sockets: ReadonlyMap<ServiceName, ListeningSocket>
}

export function routeOf(charge: Charge, service: ServiceName): Route | undefined {
  return charge.snapshot.routes.find((route) => route.service === service)
}

/** The next charge, with this route. A new address is bound, and rejects as `bindSocket` does. */
export async function withRoute(charge: Charge, route: Route): Promise<Charge> {
  const { snapshot, sockets } = charge
  const known = sockets.get(route.service)
  const stays = known && isDeepStrictEqual(known.address, route.listen)
  const socket = stays ? known : await bindSocket(route.listen)
  const others = snapshot.routes.filter((each) => each.service !== route.service)
  return {
    snapshot: { version: snapshot.version + 1, routes: [...others, route] },
    sockets: new Map(sockets).set(route.service, socket),
  }
}

export function withoutService(charge: Charge, service: ServiceName): Charge {
  const { snapshot, sockets } = charge
  return {
    snapshot: {
      version: snapshot.version + 1,
      routes: snapshot.routes.filter((route) => route.service !== service),
    },
    sockets: new Map([...sockets].filter(([name]) => name !== service)),
  }
}

/** Closes the sockets that `kept` does not need. */
export function closeAllBut(kept: Charge, ...charges: readonly Charge[]): void {
  const needed = new Set(kept.sockets.values())
  const all = new Set(charges.flatMap((charge) => [...charge.sockets.values()]))
  for (const socket of all.difference(needed)) socket.close()
}

/** The address of the socket with this key. */
export function addressOf(charge: Charge, key: string): Address | undefined {
  return [...charge.sockets.values()].find((socket) => socket.key === key)?.address
}
