import type { PreflightSpec } from '../core/doubt.ts'
import type { Demand } from '../core/preflight.ts'
import { extraInstances } from './extra-instances.ts'
import { sizeOf } from './size-of.ts'
import type { Grounds } from './worry.ts'

/** What the release takes, as far as these levels want it known. */
export async function demandOf(
  grounds: Omit<Grounds, 'demand'>,
  { memory, disk }: PreflightSpec,
  signal?: AbortSignal,
): Promise<Demand> {
  const { release, plan } = grounds
  const eachBytes = memory === 'off' ? undefined : await memoryOfOne(grounds)
  return {
    service: release.service,
    ...(memory !== 'off' &&
      eachBytes !== undefined && { memory: { level: memory, eachBytes, ...extraInstances(plan) } }),
    ...(disk !== 'off' && {
      disk: { level: disk, bytes: await sizeOf(release.directory, signal) },
    }),
  }
}

/** The larger of what one on trial and one that has served for a while use; unset when the system tells neither. */
async function memoryOfOne({
  release,
  trial,
  tools,
}: Omit<Grounds, 'demand'>): Promise<number | undefined> {
  const running = await tools.runtime.list(release.service)
  const usages = await Promise.all(running.map(async ({ id }) => tools.runtime.measure(id)))
  const known = [trial, ...usages].map((each) => each?.memoryBytes ?? 0)
  const most = Math.max(...known)
  return most > 0 ? most : undefined
}
