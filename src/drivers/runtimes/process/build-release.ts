import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import type { Abortable, Clock } from '../../../core/clock.ts'
import { Problem } from '../../../core/problem.ts'
import type { Release } from '../../../core/release.ts'
import { childEnvironment } from './child-environment.ts'
import { killFamily } from './end-family.ts'
import { lastLinesOf } from './log-tail.ts'
import { buildLogPath, halfReleasePath, logsPath, makePrivate } from './state-paths.ts'

export interface Building {
  readonly state: string
  readonly release: Pick<Release, 'service' | 'id' | 'spec'>
  readonly clock: Clock
}

/**
 * Runs the service's `build` in the unfinished copy, its output into the build's log. When it resolves or rejects, nothing
 * that the build started is left. Rejects with `build-failed`, or with the signal's reason when it fires first.
 */
export async function buildRelease(building: Building, options: Abortable = {}): Promise<void> {
  const { state, release, clock } = building
  const path = buildLogPath(state, release.service, release.id)
  // The path of the copy is the token: a controller that comes after a crash knows it without having been told.
  const token = halfReleasePath(state, release.service, release.id)
  await makePrivate(logsPath(state, release.service))
  const log = await open(path, 'w', 0o600)
  try {
    const status = await run({ release, token, log: log.fd }, options)
    if (status !== 0) throw await failure(release, path, status)
  } finally {
    await killFamily({ token }, clock)
    await log.close()
  }
}

interface Running {
  readonly release: Building['release']
  readonly token: string
  readonly log: number
}

/** The exit code, or the name of the signal that ended it. */
async function run({ release, token, log }: Running, options: Abortable): Promise<unknown> {
  const child = spawn('/bin/sh', ['-c', release.spec.build ?? ''], {
    cwd: token,
    detached: true,
    stdio: ['ignore', log, log],
    env: childEnvironment(release, token),
  })
  try {
    const [code, signal] = await once(child, 'exit', options)
    return code ?? signal
  } catch (error) {
    options.signal?.throwIfAborted()
    throw error
  }
}

async function failure(
  release: Building['release'],
  path: string,
  status: unknown,
): Promise<Problem> {
  const lines = await lastLinesOf(path, 10)
  return new Problem('build-failed', {
    message: [`the build of ${release.id} ended with ${String(status)}`, ...lines].join('\n'),
    hint: `its whole output is in ${path}; correct it and deploy again`,
    data: { service: release.service, release: release.id, status, lines, log: path },
  })
}
