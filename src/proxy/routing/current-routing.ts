import { isDeepStrictEqual } from 'node:util'
import type { Route } from '../../core/route.ts'
import { type Routing, routingOf, type RoutingTools } from './routing.ts'

type Wishes = Pick<Route, 'roles' | 'traffic'>

/** The routing of one service, made anew only when what it is made of has changed. */
export class CurrentRouting {
  #now: Routing | undefined
  #madeOf: Wishes & { readonly key?: Buffer } = {}

  /** `undefined`: only weights decide. */
  get now(): Routing | undefined {
    return this.#now
  }

  /** Throws as `routingOf` does, and leaves what was. */
  apply(route: Route, tools: RoutingTools): void {
    const { roles, traffic } = route
    const madeOf = { ...(roles && { roles }), ...(traffic && { traffic }), key: tools.key }
    if (isDeepStrictEqual(madeOf, this.#madeOf)) return
    this.#now = routingOf(route, tools)
    this.#madeOf = madeOf
  }
}
