import type { Usage } from '../core/instance.ts'
import type { Weighing } from '../core/judge.ts'
import type { ReleaseId, ServiceName } from '../core/names.ts'
import type { Runtime } from '../core/runtime.ts'

/** What the running instances of these releases use now. */
export async function weigh(
  runtime: Runtime,
  service: ServiceName,
  releases: readonly ReleaseId[],
): Promise<readonly Weighing[]> {
  const all = await runtime.list(service)
  const compared = all.filter(
    ({ release, state }) => releases.includes(release) && state.kind === 'running',
  )
  const weighed = await Promise.all(
    compared.map(async ({ id, release }) => {
      const usage = await runtime.measure(id)
      return usage && weighingOf({ instance: id, release }, usage)
    }),
  )
  return weighed.filter((each) => each !== undefined)
}

function weighingOf(
  of: Pick<Weighing, 'instance' | 'release'>,
  { memoryBytes, memoryLeftBytes, descriptors }: Usage,
): Weighing {
  return {
    ...of,
    used: { memory: memoryBytes, ...(descriptors && { descriptors: descriptors.open }) },
    left: {
      ...(memoryLeftBytes !== undefined && { memory: memoryLeftBytes }),
      ...(descriptors && { descriptors: descriptors.most - descriptors.open }),
    },
  }
}
