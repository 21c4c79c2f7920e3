import type { Route } from '../../core/route.ts'
import type { StickyKey, StickySpec } from '../../core/rule.ts'
import type { CountryOf } from './country-data.ts'
import { cookiesIn } from './cookies-in.ts'
import { hashOf } from './hash.ts'
import { readCountry } from './read-country.ts'
import { readAddress, readCookie, readHeader } from './read-request.ts'
import { type ReadyRule, readyRules } from './rules.ts'
import { StickyCookie, type Ticket } from './sticky-cookie.ts'
import type { Read } from './views.ts'

/** What a process needs to route by the wishes of a service. */
export interface RoutingTools {
  /** Signs the cookies that the proxy gives out. */
  readonly key: Buffer
  /** The country data in a file, or without one that of the package. Throws `country-data-unreadable`. */
  readonly countries: (file: string | undefined) => CountryOf
}

/** The wishes of a service about who goes where, made ready. */
export interface Routing {
  readonly rules: readonly ReadyRule[]
  readonly sticky: Sticky | undefined
  /** Makes users of different services independent of each other. */
  readonly seed: number
}

/** How users are known again. */
export interface Sticky {
  readonly spec: StickySpec
  /** The key of a user where it stands in the request or its connection; `undefined` with the proxy's own cookie. */
  readonly read: Read | undefined
  readonly cookie: StickyCookie | undefined
}

/** Throws a Problem with the place of what cannot be obeyed. `undefined`: only weights decide. */
export function routingOf(
  route: Pick<Route, 'service' | 'roles' | 'traffic'>,
  tools: RoutingTools,
): Routing | undefined {
  const { rules = [], sticky, lookups } = route.traffic ?? {}
  if (rules.length === 0 && !sticky) return undefined
  const cookie = new StickyCookie(route.service, tools.key, sticky?.forMs ?? 0)
  return {
    rules: readyRules(rules, route.roles ?? {}, {
      user: lookups?.user ? readKey(lookups.user, cookie) : () => undefined,
      country: () => readCountry(tools.countries(lookups?.countryFile)),
    }),
    sticky: sticky && stickyOf(sticky, cookie),
    seed: hashOf(route.service, 0),
  }
}

/** The first ticket among the cookies of a request that is ours: another site may have put one of its own before it. */
export function ticketIn(cookie: StickyCookie, fields: string, nowMs: number): Ticket | undefined {
  for (const value of cookiesIn(fields, cookie.name)) {
    const ticket = cookie.read(value, nowMs)
    if (ticket) return ticket
  }
  return undefined
}

function stickyOf(spec: StickySpec, cookie: StickyCookie): Sticky {
  if (spec.by.kind === 'cookie') return { spec, read: undefined, cookie }
  return { spec, read: readKey(spec.by, cookie), cookie: undefined }
}

function readKey(key: StickyKey, cookie: StickyCookie): Read {
  switch (key.kind) {
    case 'cookie':
      return (request) => ticketIn(cookie, request.fields, Date.now())?.user
    case 'application-cookie':
      return readCookie(key.name)
    case 'header':
      return readHeader(key.name)
    case 'address':
      return readAddress
  }
}
