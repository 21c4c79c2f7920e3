import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Abortable } from '../core/clock.ts'
import type { Doubt, GroupDoubts } from '../core/doubt.ts'
import type { Findings, Preflight } from '../core/preflight.ts'
import type { Workshop } from '../core/release.ts'
import type { ServiceSpec } from '../core/service.ts'
import { processRuntime } from '../drivers/runtimes/process/runtime.ts'
import { processWorkshop } from '../drivers/runtimes/process/workshop.ts'
import { checkGroup } from '../engine/group/group-check.ts'
import { planFor } from '../engine/now.ts'
import { removeSealed } from '../lib/remove-sealed.ts'
import { systemClock as clock } from '../lib/system-clock.ts'
import { machineOf } from '../preflight/machine-of.ts'
import { preflight } from '../preflight/preflight.ts'
import { blueGreen } from '../strategies/blue-green.ts'
import { canary } from '../strategies/canary.ts'
import { rolling } from '../strategies/rolling.ts'

/** No deploy gives such a name to a release by itself. */
const NAME = 'midflight-check'

/**
 * What a first deploy would doubt, where no controller runs. Makes the release and tries it, and leaves the state directory as
 * it was.
 */
export async function checkAlone(
  spec: ServiceSpec,
  stateDirectory: string,
  options: Abortable,
): Promise<readonly Doubt[]> {
  const check = async (tools: Alone) => (await tried(spec, tools, options)).doubts
  return apart(stateDirectory, check)
}

/** The same for several services as one. */
export async function checkGroupAlone(
  specs: readonly ServiceSpec[],
  stateDirectory: string,
  options: Abortable,
): Promise<GroupDoubts> {
  const members = specs.map((spec) => ({ spec }))
  return apart(stateDirectory, async (tools) =>
    checkGroup(members, async ({ spec }) => tried(spec, tools, options), tools.looking),
  )
}

interface Alone {
  readonly workshop: Workshop
  readonly looking: Preflight
}

async function apart<T>(stateDirectory: string, check: (tools: Alone) => Promise<T>): Promise<T> {
  const wasThere = existsSync(stateDirectory)
  const runtime = processRuntime({ stateDirectory, clock })
  const workshop = processWorkshop({ stateDirectory, clock, runtime })
  const machine = machineOf(existingPartOf(stateDirectory))
  const looking = preflight({ runtime, workshop, clock, machine })
  // A check that was killed left its own.
  await looking.sweep()
  try {
    return await check({ workshop, looking })
  } finally {
    if (!wasThere) await removeSealed(stateDirectory)
  }
}

async function tried(
  spec: ServiceSpec,
  { workshop, looking }: Alone,
  options: Abortable,
): Promise<Findings> {
  const left = { service: spec.name, id: NAME }
  await workshop.remove(left)
  try {
    const release = await workshop.make(spec, NAME, options)
    const strategies = { rolling, 'blue-green': blueGreen, canary }
    const plan = planFor(strategies, { others: [] }, release, spec.rollout)
    return await looking.look({ release, plan }, options)
  } finally {
    await workshop.remove(left)
  }
}

function existingPartOf(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingPartOf(dirname(path))
}
