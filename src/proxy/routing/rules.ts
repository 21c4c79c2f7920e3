import type { ReleaseId } from '../../core/names.ts'
import type { Roles } from '../../core/route.ts'
import type { Rule, Target } from '../../core/rule.ts'
import { type ConditionTools, type Part, partsOf } from './condition.ts'
import type { RequestView, SenderView } from './views.ts'

/** A rule, made ready. */
export interface ReadyRule {
  readonly parts: readonly Part[]
  readonly to: Target
  /** Whom it means now; `undefined` while there is no such release. */
  readonly release: ReleaseId | undefined
}

/** Hears of each part that was looked at, in order. */
export type RuleListener = (rule: ReadyRule, part: Part, value: string | undefined) => void

/** Throws `route-faulty` with the place of the first rule that cannot be obeyed. */
export function readyRules(
  rules: readonly Rule[],
  roles: Roles,
  tools: ConditionTools,
): readonly ReadyRule[] {
  return rules.map(({ when, to }, at) => ({
    parts: partsOf(when, `rules[${at}].when`, tools),
    to,
    release: releaseOf(to, roles),
  }))
}

/** The first rule that matches. */
export function ruleFor(
  rules: readonly ReadyRule[],
  request: RequestView,
  sender: SenderView,
  listener?: RuleListener,
): ReadyRule | undefined {
  for (const rule of rules) if (matches(rule, request, sender, listener)) return rule
  return undefined
}

/** As a person names it: `candidate (v2)`, `v3`, or `v3 (does not serve)`. */
export function targetWords(
  { to, release }: Pick<ReadyRule, 'to' | 'release'>,
  serving: ReadonlySet<ReleaseId>,
): string {
  if (typeof to === 'object')
    return serving.has(to.release) ? to.release : `${to.release} (does not serve)`
  return release === undefined ? `${to} (there is none now)` : `${to} (${release})`
}

function matches(
  rule: ReadyRule,
  request: RequestView,
  sender: SenderView,
  listener: RuleListener | undefined,
): boolean {
  for (const part of rule.parts) {
    const value = part.read(request, sender)
    listener?.(rule, part, value)
    if (!part.holds(value)) return false
  }
  return true
}

function releaseOf(to: Target, roles: Roles): ReleaseId | undefined {
  if (typeof to === 'object') return to.release
  return to === 'candidate' ? roles.candidate : roles.stable
}
