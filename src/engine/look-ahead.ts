import type { Abortable } from '../core/clock.ts'
import type { Plan } from '../core/plan.ts'
import type { Doubt } from '../core/doubt.ts'
import { Problem } from '../core/problem.ts'
import type { Release } from '../core/release.ts'
import type { Findings } from '../core/preflight.ts'
import { planFor, readNow } from './now.ts'
import type { Tools } from './tools.ts'

/** How a release is looked at. */
export interface Looking extends Abortable {
  /** Changes the strategy's plan, where the rollout is part of a larger one. */
  readonly amend?: (plan: Plan, release: Release) => Plan
}

/** Rejects with `preflight-failed`, and every doubt, when one about rolling out this release is of the level `error`. */
export async function lookAhead(
  tools: Tools,
  release: Release,
  looking: Looking,
): Promise<Findings> {
  const found = await doubtsAbout(tools, release, looking)
  const { service, id } = release
  refuseErrors(found.doubts, { what: `${id} of ${service}`, data: { service, release: id } })
  return found
}

/** What is doubtful about rolling out this release now. Nothing that serves is touched. */
export async function doubtsAbout(
  tools: Tools,
  release: Release,
  { amend = (plan) => plan, ...options }: Looking,
): Promise<Findings> {
  const { service, spec } = release
  const now = await readNow(tools, service)
  const plan = amend(planFor(tools.strategies, now, release, spec.rollout), release)
  const live = now.live && (await tools.releases.read(service, now.live.release))
  const traffic = await tools.router.read(service, options)
  return tools.preflight.look(
    { release, plan, ...(live && { live }), ...(traffic && { traffic }) },
    options,
  )
}

/** Keeps them with the rollout that goes on in spite of them. */
export function withDoubts(doubts: readonly Doubt[]): (plan: Plan) => Plan {
  return (plan) => (doubts.length === 0 ? plan : { ...plan, doubts })
}

/** Throws `preflight-failed`, with all doubts, when one is of the level `error`. */
export function refuseErrors(
  doubts: readonly Doubt[],
  { what: whole, data }: { readonly what: string; readonly data: Problem['data'] },
): void {
  const errors = doubts.filter(({ level }) => level === 'error')
  if (errors.length === 0) return
  const each = errors.map(({ check, what, why }) => `${check}: ${what}; ${why}`)
  const checks = [...new Set(errors.map(({ check }) => check))]
  const anyway = checks.map((check) => `${check}: warn`).join(', ')
  throw new Problem('preflight-failed', {
    message: `${whole} is not rolled out, and nothing has changed: ${each.join('. ')}`,
    hint: `${errors.map(({ hint }) => hint).join(' ')} To deploy all the same: preflight: { ${anyway} }`,
    data: { ...data, doubts },
  })
}
