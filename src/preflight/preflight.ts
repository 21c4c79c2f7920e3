import type { Abortable } from '../core/clock.ts'
import type { Doubt, PreflightCheck, PreflightSpec } from '../core/doubt.ts'
import type { Candidate, Findings, Preflight } from '../core/preflight.ts'
import { demandOf } from './demand-of.ts'
import { lookAtBranch } from './look-at-branch.ts'
import { lookAtDisk } from './look-at-disk.ts'
import { lookAtEnding } from './look-at-ending.ts'
import { lookAtHealth } from './look-at-health.ts'
import { lookAtMemory } from './look-at-memory.ts'
import { lookAtRollback } from './look-at-rollback.ts'
import { lookAtTests } from './look-at-tests.ts'
import { lookAtTraffic } from './look-at-traffic.ts'
import { lookTogether } from './look-together.ts'
import { isThrownAway } from './throw-away.ts'
import { clear, runTrial, type Trial } from './trial.ts'
import type { PreflightTools } from './preflight-tools.ts'
import type { Look } from './worry.ts'

/** In the order in which they are told. */
const LOOKS: Readonly<Record<PreflightCheck, Look>> = {
  rollback: lookAtRollback,
  tests: lookAtTests,
  branch: lookAtBranch,
  health: lookAtHealth,
  sigterm: lookAtEnding,
  memory: lookAtMemory,
  disk: lookAtDisk,
  traffic: lookAtTraffic,
}

/** Those that need an instance on trial. */
const TRIED: readonly PreflightCheck[] = ['health', 'sigterm', 'memory']

/** Looks at releases on this machine. */
export function preflight(tools: PreflightTools): Preflight {
  return {
    look: async (candidate, options = {}) => lookAt(candidate, tools, options),
    lookTogether: async (demands) => lookTogether(demands, tools.machine),
    sweep: async () => sweep(tools),
  }
}

async function lookAt(
  candidate: Candidate,
  tools: PreflightTools,
  options: Abortable,
): Promise<Findings> {
  const { service, spec } = candidate.release
  const levels = spec.preflight
  if (!levels) return { doubts: [], demand: { service } }
  const trial = await trialFor(candidate, levels, { tools, options })
  const seen = { ...candidate, tools, ...(trial && { trial }) }
  const demand = await demandOf(seen, levels, options.signal)
  const doubts: Doubt[] = []
  for (const [check, look] of Object.entries(LOOKS) as [PreflightCheck, Look][]) {
    const level = levels[check]
    if (level === 'off') continue
    const worries = await look({ ...seen, demand }, options)
    doubts.push(...worries.map((worry) => ({ check, level, ...worry })))
  }
  return { doubts, demand }
}

async function trialFor(
  { release }: Candidate,
  levels: PreflightSpec,
  { tools, options }: { readonly tools: PreflightTools; readonly options: Abortable },
): Promise<Trial | undefined> {
  if (TRIED.every((check) => levels[check] === 'off')) return undefined
  // A worker would take jobs, and one that does not know how to end would lose them.
  if (release.spec.listen === undefined) return undefined
  return runTrial(release, tools, options)
}

async function sweep(tools: PreflightTools): Promise<void> {
  const left = (await tools.runtime.list()).filter(({ service }) => isThrownAway(service))
  for (const { service, release } of left) await clear({ service, id: release }, tools)
}
