import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open } from 'node:fs/promises'
import { listenFds } from '../../../lib/listen-fds.ts'
import { sibling } from '../../../lib/sibling.ts'
import { SUPERVISOR_FLAGS } from '../../../proxy/supervisor-flags.ts'
import type { ProxyFiles } from './proxy-files.ts'

export interface SpawnedProxy {
  readonly pid: number
  /** Set once it has ended: its exit status, or the signal that ended it. */
  readonly ended: () => number | string | undefined
}

/** Of the controller's environment the proxy gets only these, so that no secret of the user's is in its `/proc` entry. */
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'NODE_COMPILE_CACHE']

/**
 * Starts the proxy so that it outlives this process: a session of its own, no pipe and no channel between the two, its
 * output appended to its log. Sockets that systemd bound for this process are passed on to it. Rejects when no process could be started.
 */
export async function spawnProxy(files: ProxyFiles, workers?: number): Promise<SpawnedProxy> {
  await mkdir(files.directory, { recursive: true, mode: 0o700 })
  const log = await open(files.log, 'a', 0o600)
  try {
    const program = sibling(import.meta.url, '../../../proxy/main')
    const size = workers === undefined ? [] : ['--workers', String(workers)]
    const lent = listenFds()
    const sockets = lent.length === 0 ? [] : ['--sockets', String(lent.length)]
    const settings = ['--state', files.stateDirectory, ...size, ...sockets]
    const child = spawn(process.execPath, [...SUPERVISOR_FLAGS, program, ...settings], {
      cwd: files.directory,
      detached: true,
      env: Object.fromEntries(KEPT.map((name) => [name, process.env[name]])),
      stdio: ['ignore', log.fd, log.fd, ...lent],
    })
    await once(child, 'spawn')
    child.unref()
    return { pid: child.pid ?? 0, ended: () => child.signalCode ?? child.exitCode ?? undefined }
  } finally {
    await log.close()
  }
}
