import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { apiClient } from '../api/client.ts'
import { stateUnreadable } from '../api/state-unreadable.ts'
import { Problem } from '../core/problem.ts'
import type { ServeSettings } from './serve.ts'

const EACH_MS = 50

/** Starts the controller as a process of its own and resolves when its API answers. Rejects with what it said. */
export async function detach(folder: string, settings: ServeSettings): Promise<void> {
  const { stateDirectory } = settings
  const said = join(stateDirectory, 'up.log')
  const out = opened(said, stateDirectory)
  const child = spawn(
    process.execPath,
    [...process.execArgv, bin(), ...argumentsFor(folder, settings)],
    {
      detached: true,
      stdio: ['ignore', out, out],
      cwd: folder,
    },
  )
  closeSync(out)
  const ended = once(child, 'exit').then(() => 'ended' as const)
  while (!(await answers(stateDirectory, child.pid))) {
    if ((await Promise.race([ended, setTimeout(EACH_MS)])) === 'ended')
      throw problemIn(readFileSync(said, 'utf8'))
  }
  child.unref()
}

function opened(said: string, stateDirectory: string): number {
  try {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
    return openSync(said, 'w', 0o600)
  } catch (error) {
    throw stateUnreadable(stateDirectory, error)
  }
}

function bin(): string {
  return fileURLToPath(new URL('../../bin/midflight.js', import.meta.url))
}

function argumentsFor(folder: string, { stateDirectory, workers, api }: ServeSettings): string[] {
  const rest = [
    ...(workers === undefined ? [] : ['--workers', String(workers)]),
    ...(api === undefined ? [] : ['--api', api]),
  ]
  return ['up', folder, '--no-deploy', '--json', '--state', stateDirectory, ...rest]
}

async function answers(stateDirectory: string, pid: number | undefined): Promise<boolean> {
  try {
    const client = apiClient({ socketPath: join(stateDirectory, 'api.sock') })
    return (await client.call<{ pid: number }>('GET', '/v1')).pid === pid
  } catch (error) {
    if (error instanceof Problem && error.code === 'controller-missing') return false
    throw error
  }
}

/** The child prints its Problem as JSON; anything else it said is passed on as it is. */
function problemIn(said: string): Problem {
  const last = said.trim().split('\n').at(-1) ?? ''
  try {
    const { problem } = JSON.parse(last) as {
      problem: { code: string; message: string; hint: string }
    }
    return new Problem(problem.code, problem)
  } catch (error) {
    return new Problem('controller-failed', {
      message: `the controller ended at once: ${last || 'it said nothing'}`,
      hint: 'Run it in the foreground to see more: midflight up',
      cause: error,
    })
  }
}
