import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Address } from '../../src/core/address.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { processTree } from '../process-tree.ts'
import type { Stage } from '../stage.ts'
import { whereIs } from '../where-is.ts'
import type { Peer, Setup } from './peer.ts'
import { untilItAnswers } from './until-it-answers.ts'

/** A proxy that serves a setup on a core of its own. */
export interface RunningPeer {
  readonly name: string
  readonly address: Address
  readonly setup: Setup
  /** All its processes, its first one first. */
  pids(): readonly number[]
  stop(): Promise<void>
}

export interface StartOptions extends Pick<Setup, 'entry' | 'certificate' | 'origin'> {
  readonly stage: Stage
  readonly core: string
}

/** Resolves when a request through it was answered. Rejects with the last words of one that does not come up. */
export async function startPeer(peer: Peer, options: StartOptions): Promise<RunningPeer> {
  const { stage, core, ...given } = options
  const folder = await mkdtemp(join(stage.folder, `${peer.name}-`))
  const listen = { host: '127.0.0.1', port: await freePort() }
  const setup: Setup = { ...given, folder, listen }
  const { words, files = {}, env = {}, afterwards } = peer.recipe(setup)
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  const said = join(folder, 'said.log')
  const output = openSync(said, 'a')
  const child = await stage.start(
    'taskset',
    ['--cpu-list', core, whereIs(peer.program) ?? peer.program, ...words],
    { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', output, output] },
  )
  closeSync(output)
  try {
    await afterwards?.()
    await untilItAnswers(setup, () => child.exitCode ?? child.signalCode ?? undefined)
  } catch (error) {
    await stage.kill(child)
    throw new Error(`${reasonIn(error)}${lastWords(said)}`, { cause: error })
  }
  return {
    name: peer.name,
    address: listen,
    setup,
    pids: () => processTree(child.pid ?? 0),
    stop: () => stage.kill(child),
  }
}

function reasonIn(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function lastWords(path: string): string {
  const last = readFileSync(path, 'utf8').trim().split('\n').at(-1)
  return last ? `; it said last: ${last.slice(0, 300)}` : ''
}
