import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReleaseId, ServiceName } from '../../../core/names.ts'
import { logsPath } from './state-paths.ts'
import { unlessMissing } from './unless-missing.ts'

/**
 * Removes what the build and the instances of a release printed, so that logs do not pile up with the releases gone. The folder
 * goes with the last of them.
 */
export async function removeLogs(
  state: string,
  service: ServiceName,
  release: ReleaseId,
): Promise<void> {
  const directory = logsPath(state, service)
  const all = (await unlessMissing(readdir(directory))) ?? []
  const names = all.filter(
    (name) =>
      name.startsWith(`${release}.`) &&
      // Release `v1` must not take the logs of a release `v1.0`.
      /^(?:\d+|build)\.log(?:\.\w+)?$/.test(name.slice(release.length + 1)),
  )
  for (const name of names) await rm(join(directory, name), { force: true })
  if (names.length === all.length) await rmdir(directory).catch(unlessStillUsed)
}

function unlessStillUsed(error: unknown): void {
  const code = (error as { code?: unknown }).code
  if (code !== 'ENOTEMPTY' && code !== 'ENOENT') throw error
}
