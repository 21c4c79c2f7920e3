import type { ReleaseId } from './names.ts'
import type { Roles, Route, Weights } from './route.ts'

/** A release's first instance comes in beside another release that serves: it is the one being brought. */
export function arrive(route: Route, release: ReleaseId): Route {
  const stable = route.roles?.stable ?? onlyOne(route.weights)
  const isKnown = route.instances.some((instance) => instance.release === release)
  if (stable === undefined || stable === release || isKnown) return route
  return { ...route, roles: { stable, candidate: release } }
}

/**
 * Who has which role once a shift of traffic, done or taken back, has left `weights`: the release that the shift is to
 * give more is the candidate until it has everything; the one that it takes from is stable until then.
 */
export function shifted(
  route: Route,
  { from, to }: { readonly from: Weights; readonly to: Weights },
  weights: Weights,
): Route {
  const gain = (release: ReleaseId) => (to[release] ?? 0) - (from[release] ?? 0)
  const ids = Object.keys({ ...from, ...to }).toSorted((a, b) => gain(b) - gain(a))
  const [winner, loser] = [ids[0], ids.at(-1)]
  if (winner === undefined || loser === undefined || gain(winner) === 0)
    return { ...route, weights }
  const stable = onlyOne(weights) ?? (gain(loser) < 0 ? loser : undefined)
  return living(withRoles({ ...route, weights }, { stable, candidate: winner }))
}

/** Between rollouts nobody is brought: what stays beside the release that serves alone is warm, and has no role. */
export function settled(route: Route): Route {
  const stable = onlyOne(route.weights)
  return stable === undefined ? route : withRoles(route, { stable })
}

/** The same route without roles for releases that have left it: a rule never points to nobody. */
export function living(route: Route): Route {
  return withRoles(route, route.roles ?? {})
}

interface Wanted {
  readonly stable?: ReleaseId | undefined
  readonly candidate?: ReleaseId | undefined
}

/** There is a candidate only beside another release: alone, it is what serves. */
function withRoles(route: Route, { stable, candidate }: Wanted): Route {
  const { roles: _, ...rest } = route
  if (stable === undefined || !isIn(route, stable)) return rest
  const hasCandidate = candidate !== undefined && candidate !== stable && isIn(route, candidate)
  const roles: Roles = { stable, ...(hasCandidate && { candidate }) }
  return { ...rest, roles }
}

/** While it has weight it is in, even if for a moment no instance of it is. */
function isIn(route: Route, release: ReleaseId): boolean {
  const has = route.weights[release] ?? 0
  return has > 0 || route.instances.some((instance) => instance.release === release)
}

function onlyOne(weights: Weights): ReleaseId | undefined {
  const [first, ...more] = Object.keys(weights)
  return more.length === 0 ? first : undefined
}
