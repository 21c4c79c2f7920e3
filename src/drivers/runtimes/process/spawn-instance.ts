import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Problem } from '../../../core/problem.ts'
import type { Release } from '../../../core/release.ts'
import { childEnvironment } from './child-environment.ts'
import type { Exit, InstanceRecord, Place } from './instance-record.ts'
import { shellCommand } from './shell-command.ts'
import { logPath, makePrivate } from './state-paths.ts'

/** A process made by this controller, which therefore learns how it ends. */
export interface Child {
  readonly token: string
  readonly pid: number
  /** A controller may end while this is not settled: the instance outlives it. */
  readonly exit: Promise<Exit>
  /** Keeps this controller from ending before `exit` is settled. For a process that is known to be gone. */
  hold(): void
}

/**
 * Makes the process of an instance, the first of a session of its own. It holds nothing of the controller's: it writes
 * into its log file itself, so it does not notice when the controller ends. Resolves when the process exists.
 * Rejects with `instance-not-started`.
 */
export async function spawnInstance(
  state: string,
  release: Release,
  record: InstanceRecord,
): Promise<Child> {
  const path = logPath(state, record.id)
  try {
    await makePrivate(dirname(path))
    // Appending, so that the app goes on at the new end when the log was cut off.
    const log = await open(path, 'a', 0o600)
    try {
      return await spawnInto(log.fd, release, record)
    } finally {
      await log.close()
    }
  } catch (cause) {
    const code = String((cause as { code?: unknown }).code)
    throw new Problem('instance-not-started', {
      message: `${record.id} could not be started in ${release.directory}: ${reasonOf(code)}`,
      hint: `see that ${release.directory} and ${path} are there and can be used by this user`,
      data: { instance: record.id, directory: release.directory, log: path, error: code },
      cause,
    })
  }
}

async function spawnInto(log: number, release: Release, record: InstanceRecord): Promise<Child> {
  const { id, slot, token } = record
  const child = spawn('/bin/sh', ['-c', shellCommand(release.spec.run)], {
    cwd: release.directory,
    detached: true,
    stdio: ['ignore', log, log],
    env: childEnvironment(release, token, {
      ...placeVariables(record),
      MIDFLIGHT_INSTANCE: String(slot),
      MIDFLIGHT_INSTANCE_ID: id,
    }),
  })
  const exit = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({ ...(code !== null && { code }), ...(signal !== null && { signal }) }),
    )
  })
  await once(child, 'spawn')
  child.unref()
  return { token, pid: child.pid ?? 0, exit, hold: () => child.ref() }
}

/** A unix socket has no host. */
function placeVariables(place: Place): Readonly<Record<string, string>> {
  if ('path' in place) return { PORT: place.path }
  return { PORT: String(place.port), HOST: '127.0.0.1' }
}

function reasonOf(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'the directory is missing (ENOENT)'
    case 'EACCES':
      return 'not permitted (EACCES)'
    case 'E2BIG':
      return 'its environment is too large (E2BIG)'
    case 'EAGAIN':
      return 'this user may not have more processes (EAGAIN)'
    case 'ENOSPC':
      return 'the disk is full (ENOSPC)'
    default:
      return code
  }
}
