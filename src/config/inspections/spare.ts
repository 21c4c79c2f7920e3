import { ALL } from '../../core/names.ts'
import { countOf } from '../../core/portion.ts'
import type { ServiceSpec } from '../../core/service.ts'
import type { Finding, Inspection } from './finding.ts'

/** Too few instances for what is asked of them. */
export const inspectSpare: Inspection = (spec) =>
  (spec.listen ? [alone(spec), gap(spec), coarse(spec)] : []).filter(
    (finding) => finding !== undefined,
  )

function alone({ instances }: ServiceSpec): Finding | undefined {
  if (instances > 1) return undefined
  return {
    code: 'no-spare',
    level: 'warning',
    what: 'there is one instance only',
    why: 'when it dies, requests wait until its successor is ready',
    hint: 'Run two: instances: 2',
  }
}

function gap({ instances, rollout }: ServiceSpec): Finding | undefined {
  if (rollout.strategy !== 'rolling' || rollout.warmMs) return undefined
  const batch = countOf(rollout.batch, instances)
  if (countOf(rollout.surge, instances) > 0 || batch < instances) return undefined
  return {
    code: 'no-overlap',
    level: 'warning',
    what: `a batch of ${batch} without surge takes all ${instances} instances out at once`,
    why: 'requests wait until the new ones are ready, and are refused when that takes too long',
    hint: 'Let the new one start first: rollout: { surge: 1 }',
  }
}

function coarse({ instances, rollout }: ServiceSpec): Finding | undefined {
  if (rollout.strategy !== 'canary') return undefined
  const needed = rollout.steps.map((step) => Math.max(1, Math.ceil((step.share * instances) / ALL)))
  if (needed.length < 2 || new Set(needed).size > 1) return undefined
  return {
    code: 'canary-coarse',
    level: 'warning',
    what: `all ${needed.length} steps of the canary run on ${needed[0]} new of ${instances} instances`,
    why: 'a large share then lands on few instances, and what is slow or ill in them looks like the release’s fault',
    hint: 'Run more instances, or give fewer steps.',
  }
}
