import type { Usage } from '../../core/instance.ts'
import type { Weighing } from '../../core/judge.ts'
import type { InstanceId, ReleaseId, ServiceName } from '../../core/names.ts'
import type { Traffic } from '../../core/traffic.ts'
import type { Tools } from '../tools.ts'

type Lag = { readonly used: number; readonly left: number }

/** What the running instances of these releases use now. */
export async function weigh(
  { runtime, router, clock }: Pick<Tools, 'runtime' | 'router' | 'clock'>,
  service: ServiceName,
  releases: readonly ReleaseId[],
): Promise<readonly Weighing[]> {
  const [all, traffic] = await Promise.all([runtime.list(service), router.read(service)])
  const compared = all.filter(
    ({ release, state }) => releases.includes(release) && state.kind === 'running',
  )
  const weighed = await Promise.all(
    compared.map(async ({ id, release, startedAtMs }) => {
      const usage = await runtime.measure(id)
      const ageMs = Math.max(0, clock.now() - startedAtMs)
      return usage && weighingOf({ instance: id, release, ageMs }, usage, lagOf(id, traffic))
    }),
  )
  return weighed.filter((each) => each !== undefined)
}

function weighingOf(
  of: Pick<Weighing, 'instance' | 'release' | 'ageMs'>,
  { memoryBytes, memoryLeftBytes, descriptors }: Usage,
  lag: Lag | undefined,
): Weighing {
  return {
    ...of,
    used: {
      memory: memoryBytes,
      ...(descriptors && { descriptors: descriptors.open }),
      ...(lag && { lag: lag.used }),
    },
    left: {
      ...(memoryLeftBytes !== undefined && { memory: memoryLeftBytes }),
      ...(descriptors && { descriptors: descriptors.most - descriptors.open }),
      ...(lag && { lag: lag.left }),
    },
  }
}

/** What its last health check took, in milliseconds, and by how much more that may grow until it is too late. */
function lagOf(id: InstanceId, traffic: Traffic | undefined): Lag | undefined {
  const lagMs = traffic?.instances.find((each) => each.id === id)?.lagMs
  const routed = traffic?.route.instances.find((each) => each.id === id)
  if (!traffic || !routed || lagMs === undefined) return undefined
  const { timeoutMs } = routed.ready ?? traffic.route.ready
  return { used: lagMs, left: Math.max(0, timeoutMs - lagMs) }
}
