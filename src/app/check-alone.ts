import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Abortable } from '../core/clock.ts'
import type { Doubt } from '../core/doubt.ts'
import type { ServiceSpec } from '../core/service.ts'
import { processRuntime } from '../drivers/runtimes/process/runtime.ts'
import { processWorkshop } from '../drivers/runtimes/process/workshop.ts'
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
  const wasThere = existsSync(stateDirectory)
  const runtime = processRuntime({ stateDirectory, clock })
  const workshop = processWorkshop({ stateDirectory, clock, runtime })
  const machine = machineOf(existingPartOf(stateDirectory))
  const looking = preflight({ runtime, workshop, clock, machine })
  const left = { service: spec.name, id: NAME }
  // A check that was killed left its own.
  await looking.sweep()
  await workshop.remove(left)
  try {
    const release = await workshop.make(spec, NAME, options)
    const strategies = { rolling, 'blue-green': blueGreen, canary }
    const plan = planFor(strategies, { others: [] }, release, spec.rollout)
    return (await looking.look({ release, plan }, options)).doubts
  } finally {
    await workshop.remove(left)
    if (!wasThere) await removeSealed(stateDirectory)
  }
}

function existingPartOf(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingPartOf(dirname(path))
}
