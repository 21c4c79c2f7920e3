import type { Address } from '../core/address.ts'
import { Problem } from '../core/problem.ts'
import { addressesOf, type Charge } from './charge.ts'
import { faultOf, type Route } from '../core/route.ts'
import { addressRanges } from '../lib/address-ranges.ts'
import { routeFaulty } from './routing/route-faulty.ts'

/** Throws `route-faulty` for a route that would lose traffic, `port-in-use` for one whose address another route has. */
export function refuseFaulty(route: Route, charge: Charge): void {
  const fault = faultOf(route)
  if (fault !== undefined) {
    throw new Problem('route-faulty', {
      message: `the route of ${route.service} is refused: ${fault}`,
      hint: 'Nothing was changed. Correct the route and apply it again.',
      data: { service: route.service, fault },
    })
  }
  refuseStrangeRanges(route)
  for (const address of addressesOf(route)) refuseTaken(address, route, charge)
}

function refuseStrangeRanges({ traffic }: Route): void {
  const trusted = traffic?.entry?.trusted ?? []
  try {
    addressRanges(trusted)
  } catch (error) {
    throw routeFaulty('clients.trusted', 'a range cannot be read', error)
  }
}

function refuseTaken(address: Address, route: Route, charge: Charge): void {
  const owner = charge.ownerOf(address)
  if (owner === undefined || owner === route.service) return
  const { host, port } = address
  throw new Problem('port-in-use', {
    message: `port ${port} is in use by pid ${process.pid} (this proxy, for the service ${owner})`,
    hint: `Choose another port for ${route.service} under \`listen\`.`,
    data: { host, port, service: owner },
  })
}
