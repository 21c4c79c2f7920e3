import { lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstanceId, ReleaseId, ServiceName } from '../../../core/names.ts'
import { unlessMissing } from './unless-missing.ts'

export function releasesPath(state: string, service: ServiceName): string {
  return join(state, 'releases', service)
}

/** The sealed copy of a release, under the name it gets when it is complete. */
export function releasePath(state: string, service: ServiceName, id: ReleaseId): string {
  return join(releasesPath(state, service), id)
}

/** Where a release is while it is made or removed. No release has such a name: theirs never begin with a dot. */
export function halfReleasePath(state: string, service: ServiceName, id: ReleaseId): string {
  return join(releasesPath(state, service), `.${id}.half`)
}

export function recordsPath(state: string): string {
  return join(state, 'instances')
}

/** Where the unix sockets of instances are. Short: such a path holds 107 bytes. */
export function socketsPath(state: string): string {
  return join(state, 'run')
}

export function logsPath(state: string, service: ServiceName): string {
  return join(state, 'logs', service)
}

/** What an instance prints: `logs/SERVICE/RELEASE.SLOT.log`. It stays after the instance was stopped. */
export function logPath(state: string, id: InstanceId): string {
  const dot = id.indexOf('.')
  return join(logsPath(state, id.slice(0, dot)), `${id.slice(dot + 1)}.log`)
}

export function buildLogPath(state: string, service: ServiceName, id: ReleaseId): string {
  return join(logsPath(state, service), `${id}.build.log`)
}

/** Makes a directory of the state, and those above it, for this user alone. */
export async function makePrivate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
}

export async function exists(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path))) !== undefined
}
