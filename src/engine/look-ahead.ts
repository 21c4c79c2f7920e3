import type { Abortable } from '../core/clock.ts'
import type { Plan } from '../core/plan.ts'
import type { Doubt } from '../core/doubt.ts'
import { Problem } from '../core/problem.ts'
import type { Release } from '../core/release.ts'
import { planFor, readNow } from './now.ts'
import type { Tools } from './tools.ts'

/** Rejects with `preflight-failed`, and every doubt, when one about rolling out this release is of the level `error`. */
export async function lookAhead(
  tools: Tools,
  release: Release,
  options: Abortable,
): Promise<readonly Doubt[]> {
  const doubts = await doubtsAbout(tools, release, options)
  const errors = doubts.filter(({ level }) => level === 'error')
  if (errors.length > 0) throw refused(release, errors, doubts)
  return doubts
}

/** What is doubtful about rolling out this release now. Nothing that serves is touched. */
export async function doubtsAbout(
  tools: Tools,
  release: Release,
  options: Abortable,
): Promise<readonly Doubt[]> {
  const { service, spec } = release
  const now = await readNow(tools, service)
  const plan = planFor(tools.strategies, now, release, spec.rollout)
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

function refused(
  { service, id }: Release,
  errors: readonly Doubt[],
  doubts: readonly Doubt[],
): Problem {
  const each = errors.map(({ check, what, why }) => `${check}: ${what}; ${why}`)
  const checks = [...new Set(errors.map(({ check }) => check))]
  const anyway = checks.map((check) => `${check}: warn`).join(', ')
  return new Problem('preflight-failed', {
    message: `${id} of ${service} is not rolled out, and nothing has changed: ${each.join('. ')}`,
    hint: `${errors.map(({ hint }) => hint).join(' ')} To deploy all the same: preflight: { ${anyway} }`,
    data: { service, release: id, doubts },
  })
}
