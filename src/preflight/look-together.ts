import type { Doubt, PreflightCheck } from '../core/doubt.ts'
import type { Demand } from '../core/preflight.ts'
import { inMebibytes } from './in-mebibytes.ts'
import { SPARE_BYTES } from './look-at-disk.ts'
import type { Machine } from './preflight-tools.ts'
import type { Worry } from './worry.ts'

/**
 * Whether releases that fit alone fit together: of each, the old and the new one run until the last one is promoted, and
 * the disk keeps a copy of them all.
 */
export async function lookTogether(
  demands: readonly Demand[],
  machine: Machine,
): Promise<readonly Doubt[]> {
  const memory = memoryTogether(demands, machine.memoryBytes())
  const disk = diskTogether(demands, await machine.diskBytes())
  return [...doubt('memory', demands, memory), ...doubt('disk', demands, disk)]
}

function memoryTogether(demands: readonly Demand[], left: number): Worry | undefined {
  let [stays, most] = [0, 0]
  for (const { memory } of demands) {
    if (!memory) continue
    most = Math.max(most, stays + memory.eachBytes * memory.most)
    stays += memory.eachBytes * memory.after
  }
  if (most <= left) return undefined
  const each = demands.flatMap(({ service, memory }) =>
    memory ? [`${service} ${memory.most} × ${inMebibytes(memory.eachBytes)}`] : [],
  )
  return {
    what: `together they take ${inMebibytes(most)} more (${each.join(', ')}), and ${inMebibytes(left)} of memory are left`,
    why: 'the old release of each runs on until the last one is promoted, and the system ends processes when it runs out of memory',
    hint: 'Give the machine more memory, run fewer instances, or let fewer services be one group.',
  }
}

function diskTogether(demands: readonly Demand[], left: number): Worry | undefined {
  const sizes = demands.flatMap(({ service, disk }) => (disk ? [{ service, ...disk }] : []))
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  if (all === 0 || left >= all + SPARE_BYTES) return undefined
  const each = sizes.map(({ service, bytes }) => `${service} ${inMebibytes(bytes)}`)
  return {
    what: `the disk has ${inMebibytes(left)} left, and their releases take ${inMebibytes(all)} (${each.join(', ')})`,
    why: 'each release is a copy, and without room for its journal Midflight stops where it stands until there is some',
    hint: 'Free some space where the state directory is, or let directory name only what runs: directory: ./dist',
  }
}

/** As grave as the file that takes it most seriously says. */
function doubt(
  check: Extract<PreflightCheck, 'memory' | 'disk'>,
  demands: readonly Demand[],
  worry: Worry | undefined,
): readonly Doubt[] {
  if (!worry) return []
  const isError = demands.some((demand) => demand[check]?.level === 'error')
  return [{ check, level: isError ? 'error' : 'warn', ...worry }]
}
