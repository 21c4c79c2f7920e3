import type {
  DescribedRequest,
  Explanation,
  RuleExplanation,
  UserExplanation,
} from '../../core/explanation.ts'
import type { ReleaseId } from '../../core/names.ts'
import { servingIn } from '../../core/pin.ts'
import type { Traffic } from '../../core/traffic.ts'
import { plainAddress } from '../../lib/address-ranges.ts'
import { isHeldBack } from '../ending/held-back.ts'
import type { ReadyRelease } from '../plane/choose.ts'
import { decide, type Decision, type InstanceView } from './decide.ts'
import { readyReleases, releasesIn } from './releases-in.ts'
import { cohortOf } from './rendezvous.ts'
import type { Routing } from './routing.ts'
import type { Part } from './condition.ts'
import { targetWords } from './rules.ts'
import type { RequestView } from './views.ts'

type Found = ReadyRelease<InstanceView>
type Looked = ReadonlyMap<object, RuleExplanation['parts']>

const NO_ROUTING: Routing = { rules: [], sticky: undefined, seed: 0 }

/**
 * Where a described request would go now, and why: the decision itself (`decide`), with its steps written down.
 * `traffic` is what the supervisor sees; a worker may have found an instance unreachable a moment before.
 */
export function explain(
  request: DescribedRequest,
  traffic: Traffic,
  routing: Routing = NO_ROUTING,
): Explanation {
  const { method, path } = request
  const ready = readyReleases(traffic)
  const looked = new Map<object, RuleExplanation['parts']>()
  const question = {
    request: viewOf(request),
    sender: { address: plainAddress(request.client), secure: false },
    ready,
    nowMs: Date.now(),
    draw: (weighted: readonly Found[]) => weighted[0],
  }
  const decision = decide(routing, question, (rule, part, value) => {
    looked.set(rule, [...(looked.get(rule) ?? []), partSeen(part, value)])
  })
  const user = userIn(routing, decision, { ready, traffic })
  return {
    request,
    ...(isHeldBack({ method, target: path }, traffic.route) && { held: true as const }),
    rules: rulesTold(routing, decision, { looked, serving: servingIn(traffic.route) }),
    ...(user && { user }),
    releases: releasesIn(traffic),
    ...outcomeOf(decision, ready),
  }
}

function viewOf({ method, path, headers }: DescribedRequest): RequestView {
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1]
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return { method, target: path, host, fields }
}

function partSeen(part: Part, value: string | undefined): RuleExplanation['parts'][number] {
  return {
    wanted: `${part.what} ${part.wanted}`,
    ...(value !== undefined && { found: value }),
    holds: part.holds(value),
  }
}

function rulesTold(
  { rules }: Routing,
  decision: Decision<InstanceView> | undefined,
  { looked, serving }: { readonly looked: Looked; readonly serving: ReadonlySet<ReleaseId> },
): RuleExplanation[] {
  const matching = rules.findIndex(
    (rule) => (looked.get(rule) ?? []).length === rule.parts.length && !missed(looked.get(rule)),
  )
  return rules.map((rule, at) => ({
    to: targetWords(rule, serving),
    outcome: ruleOutcome(at, matching, decision),
    parts: looked.get(rule) ?? [],
  }))
}

const missed = (parts: RuleExplanation['parts'] = []): boolean => parts.some((part) => !part.holds)

function ruleOutcome(
  at: number,
  matching: number,
  decision: Decision<InstanceView> | undefined,
): RuleExplanation['outcome'] {
  if (matching < 0 || at < matching) return 'not-matched'
  if (at > matching) return 'not-reached'
  return decision?.by === 'rule' ? 'matched' : 'unavailable'
}

function userIn(
  { sticky, seed }: Routing,
  decision: Decision<InstanceView> | undefined,
  { ready, traffic }: { readonly ready: readonly Found[]; readonly traffic: Traffic },
): UserExplanation | undefined {
  const user = decision?.user
  if (!sticky || !user) return undefined
  const by = sticky.spec.by.kind
  if (user.seenBefore === 'new') return { by }
  const { candidate } = traffic.route.roles ?? {}
  const others = ready.filter((each) => each.weight > 0 && each.release !== candidate)
  if (candidate === undefined || others.length === 0) return { by, key: user.key }
  const from = cohortOf(candidate, others, user.key, seed)
  return { by, key: user.key, cohort: { release: candidate, from } }
}

function outcomeOf(
  decision: Decision<InstanceView> | undefined,
  ready: readonly Found[],
): Pick<Explanation, 'decidedBy' | 'release' | 'instance'> {
  if (!decision) return { decidedBy: 'nobody' }
  const { release, instance, by, user } = decision
  const place = { release: release.release, ...(instance && { instance: instance.id }) }
  if (by === 'rule') return { decidedBy: 'rule', ...place }
  if (ready.filter((each) => each.weight > 0).length === 1)
    return { decidedBy: 'only-choice', ...place }
  if (user?.seenBefore === 'seen') return { decidedBy: 'cohort', ...place }
  return { decidedBy: 'draw' }
}
