import { Problem } from '../core/problem.ts'
import type { ServiceSpec } from '../core/service.ts'
import { rolloutSpec } from './canonical.ts'
import { rolloutSchema } from './rollout-schema.ts'

const KNOWN = ['rolling', 'blue-green', 'canary']

/** The same service with another strategy for once: its own defaults; who judges it, the bake time and the preview as the file has them. */
export function withStrategy(spec: ServiceSpec, strategy: string): ServiceSpec {
  if (!KNOWN.includes(strategy)) {
    throw new Problem('strategy-unknown', {
      message: `there is no strategy "${strategy}"`,
      hint: `Use one of: ${KNOWN.join(', ')}`,
      data: { strategy, known: KNOWN },
    })
  }
  if (spec.rollout.strategy === strategy) return spec
  const { gate, gates, judge, bakeMs, preview } = spec.rollout
  const { judge: _, ...own } = rolloutSpec(rolloutSchema.parse({ strategy }))
  const kept = { ...(gates && { gates }), ...(judge && { judge }), ...(preview && { preview }) }
  return { ...spec, rollout: { ...own, gate, bakeMs, ...kept } }
}
