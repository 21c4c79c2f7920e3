import type { ReadyRelease } from '../plane/choose.ts'
import { nameFor, releaseFor } from './rendezvous.ts'
import { ticketIn, type Routing, type Sticky } from './routing.ts'
import { type ReadyRule, ruleFor, type RuleListener } from './rules.ts'
import type { Ticket } from './sticky-cookie.ts'
import type { RequestView, SenderView } from './views.ts'

/** An instance as routing knows it. */
export interface InstanceView {
  readonly id: string
  readonly generation: string
}

/** What decided on the release. */
export type DecidedBy = 'rule' | 'cohort' | 'weights'

export interface Decision<Instance> {
  readonly release: ReadyRelease<Instance>
  readonly by: DecidedBy
  /** The rule that matched, also when its target has nobody ready. */
  readonly rule: ReadyRule | undefined
  /** Who asks, where users are known again. */
  readonly user: User | undefined
  /** The instance to keep to; `undefined`: any of the release, by load. */
  readonly instance: Instance | undefined
}

export interface User {
  readonly key: string
  /** What the proxy's own cookie said; `undefined` for a new user, and for other ways to know one. */
  readonly ticket: Ticket | undefined
  readonly seenBefore: 'seen' | 'new'
}

/** One request, and what may be chosen from. */
export interface Question<Instance> {
  readonly request: RequestView
  readonly sender: SenderView
  /** The releases with an instance that is ready, also those without weight. */
  readonly ready: readonly ReadyRelease<Instance>[]
  readonly nowMs: number
  /** Takes one by weight, for whoever has no key. */
  readonly draw: (releases: readonly ReadyRelease<Instance>[]) => ReadyRelease<Instance> | undefined
}

/**
 * Who gets a request: a rule, else the user's cohort, else the weights decide on the release; inside it the user keeps
 * the instance of before. `undefined` when nobody with weight is ready. The listener hears of each rule looked at.
 */
export function decide<Instance extends InstanceView>(
  routing: Routing,
  question: Question<Instance>,
  listener?: RuleListener,
): Decision<Instance> | undefined {
  const { request, sender, ready } = question
  const rule = ruleFor(routing.rules, request, sender, listener)
  const user = routing.sticky && userOf(routing.sticky, question)
  const pinned = rule && ready.find((release) => release.release === rule.release)
  const release = pinned ?? byShare(routing, question, user)
  if (!release) return undefined
  return {
    release,
    by: pinned ? 'rule' : user ? 'cohort' : 'weights',
    rule,
    user,
    instance: routing.sticky && user && instanceFor(routing.sticky, user, release),
  }
}

function byShare<Instance>(
  routing: Routing,
  { ready, draw }: Question<Instance>,
  user: User | undefined,
): ReadyRelease<Instance> | undefined {
  const weighted = ready.filter((release) => release.weight > 0)
  return user ? releaseFor(weighted, user.key, routing.seed) : draw(weighted)
}

/** With the proxy's own cookie everybody is known, from now on. Other keys may be missing: then the weights decide. */
function userOf<Instance>(
  sticky: Sticky,
  { request, sender, nowMs }: Question<Instance>,
): User | undefined {
  if (sticky.cookie) {
    const ticket = ticketIn(sticky.cookie, request.fields, nowMs)
    if (ticket) return { key: ticket.user, ticket, seenBefore: 'seen' }
    return { key: sticky.cookie.newUser(), ticket: undefined, seenBefore: 'new' }
  }
  const key = sticky.read?.(request, sender)
  return key === undefined || key === ''
    ? undefined
    : { key, ticket: undefined, seenBefore: 'seen' }
}

/**
 * The one that the cookie names, while it is ready in this release and still the same process; for whoever lost it, or
 * has no such cookie, always the same other one. A new user goes where the load is least.
 */
function instanceFor<Instance extends InstanceView>(
  { spec, cookie }: Sticky,
  user: User,
  { instances }: ReadyRelease<Instance>,
): Instance | undefined {
  if (spec.scope === 'release' || user.seenBefore === 'new') return undefined
  for (const tag of user.ticket?.instances ?? []) {
    const kept = instances.find((each) => cookie?.tagOf(each) === tag)
    if (kept) return kept
  }
  return nameFor(instances, (each) => each.id, user.key)
}
