import { cookieLine } from '../routing/cookie-line.ts'
import { decide, type Decision } from '../routing/decide.ts'
import type { Routing } from '../routing/routing.ts'
import type { RequestView, SenderView } from '../routing/views.ts'
import type { Choice } from './choice.ts'
import { chooseRelease } from './choose.ts'
import type { InstancePool } from './instance-pool.ts'
import type { InstanceSet } from './instance-set.ts'

/** One try of a request. */
export interface Try {
  readonly request: RequestView
  readonly sender: SenderView
  /** Taken only when there is no other. */
  readonly not: InstancePool | undefined
}

/** An instance by the rules and the stickiness of a service. `undefined`: the request has to wait. */
export function routedChoice(
  routing: Routing,
  instances: InstanceSet,
  { request, sender, not }: Try,
): Choice | undefined {
  const nowMs = Date.now()
  const question = { request, sender, ready: instances.pinnable(not), nowMs, draw }
  const decision = decide(routing, question)
  const pool = decision && instances.pick(decision.release, decision.instance)
  if (!decision || !pool) return undefined
  const { user } = decision
  // Who is kept on an instance that is full for a moment comes back to it.
  const home = decision.instance ?? pool
  const cookie = routing.sticky && user && cookieLine(routing.sticky, user, home, question)
  const why = whyOf(decision, routing)
  return cookie === undefined ? { pool, why } : { pool, why, cookie }
}

function whyOf({ by, rule }: Decision<InstancePool>, { rules }: Routing): string {
  return by === 'rule' && rule ? `rule ${rules.indexOf(rule) + 1}` : by
}

const draw = (releases: Parameters<typeof chooseRelease<InstancePool>>[0]) =>
  chooseRelease(releases, Math.random)
