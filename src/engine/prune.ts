import type { ServiceName } from '../core/names.ts'
import type { Tools } from './tools.ts'

/** How many releases are kept to go back to, besides what runs. */
export const KEPT_RELEASES = 5

/** Removes the oldest releases that nothing uses and nobody is likely to go back to, and what the judge saw long ago. */
export async function prune(tools: Tools, service: ServiceName): Promise<void> {
  await tools.records.prune(service)
  const record = await tools.services.read(service)
  const running = (await tools.runtime.list(service)).map((instance) => instance.release)
  const used = new Set([record?.live, record?.warm?.release, ...running])
  const idle = (await tools.releases.list(service)).filter((release) => !used.has(release.id))
  for (const release of idle.slice(0, Math.max(0, idle.length - KEPT_RELEASES))) {
    await tools.workshop.remove(release)
    await tools.releases.remove(service, release.id)
    tools.log('release removed', { release: release.id })
  }
}
