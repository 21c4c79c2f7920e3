import type { Address } from '../core/address.ts'
import { Problem } from '../core/problem.ts'
import { faultOf, type Route } from '../core/route.ts'
import { addressRanges } from '../lib/address-ranges.ts'
import { routeFaulty } from './routing/route-faulty.ts'

/** Throws `route-faulty` for a route that would lose traffic, `port-in-use` for one whose address another route has. */
export function refuseFaulty(route: Route, others: readonly Route[]): void {
  const fault = faultOf(route)
  if (fault !== undefined) {
    throw new Problem('route-faulty', {
      message: `the route of ${route.service} is refused: ${fault}`,
      hint: 'Nothing was changed. Correct the route and apply it again.',
      data: { service: route.service, fault },
    })
  }
  refuseStrangeRanges(route)
  for (const address of addressesOf(route)) refuseTaken(address, route, others)
}

function refuseStrangeRanges({ traffic }: Route): void {
  const trusted = traffic?.entry?.trusted ?? []
  try {
    addressRanges(trusted)
  } catch (error) {
    throw routeFaulty('clients.trusted', 'a range cannot be read', error)
  }
}

function refuseTaken({ host, port }: Address, route: Route, others: readonly Route[]): void {
  const other = others.find(
    (each) =>
      each.service !== route.service &&
      addressesOf(each).some((taken) => taken.host === host && taken.port === port),
  )
  if (!other) return
  throw new Problem('port-in-use', {
    message: `port ${port} is in use by pid ${process.pid} (this proxy, for the service ${other.service})`,
    hint: `Choose another port for ${route.service} under \`listen\`.`,
    data: { host, port, service: other.service },
  })
}

function addressesOf({ listen, traffic }: Route): readonly Address[] {
  const redirect = traffic?.entry?.tls?.redirect
  return redirect ? [listen, redirect] : [listen]
}
