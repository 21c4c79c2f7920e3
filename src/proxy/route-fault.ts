import { Problem } from '../core/problem.ts'
import { faultOf, type Route } from '../core/route.ts'

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
  const { host, port } = route.listen
  const other = others.find(
    (each) =>
      each.service !== route.service && each.listen.host === host && each.listen.port === port,
  )
  if (!other) return
  throw new Problem('port-in-use', {
    message: `port ${port} is in use by pid ${process.pid} (this proxy, for the service ${other.service})`,
    hint: `Choose another port for ${route.service} under \`listen\`.`,
    data: { host, port, service: other.service },
  })
}
