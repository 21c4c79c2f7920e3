import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownPids } from '../../src/cli/own-pids.ts'
import { identify, isAlive } from '../../src/lib/process-identity.ts'
import { killController } from '../../src/prove/demo/chaos.ts'
import type { Sentence } from './given.ts'
import type { AppVersion, Shop } from './shop.ts'
import { until } from './until.ts'

export const underLoad: Sentence = async (shop) => shop.getsTraffic()

/** Deploys this version, and resolves when the rollout has ended. */
export function deploys(version: AppVersion): Sentence {
  return async (shop) => {
    await beginsToDeploy(version)(shop)
    await endsItsRollout(shop)
  }
}

export function beginsToDeploy(version: AppVersion, ...words: readonly string[]): Sentence {
  return async (shop) => {
    await shop.write(version)
    shop.begins('deploy', '--release', version.version, ...words)
  }
}

/** Goes back to the release before, and resolves when the rollout has ended. */
export const rollsBack: Sentence = async (shop) => {
  shop.begins('rollback')
  await endsItsRollout(shop)
}

/** Goes on when the rollout has begun the first step that reads like this. */
export function reaches(step: string): Sentence {
  return async (shop) =>
    shop.rollout.until(
      (line) => line.event === 'step' && line.state === 'begun' && line.what.includes(step),
    )
}

export function hears(event: 'planned' | 'turned' | 'paused' | 'resumed'): Sentence {
  return async (shop) => shop.rollout.until((line) => line.event === event)
}

export const endsItsRollout: Sentence = async (shop) => {
  await shop.rollout.ending()
}

/** Nobody watches the rollout any more. */
export const leavesTheTerminal: Sentence = async (shop) => shop.rollout.kill()

/** A verb that ends at once, and must work. */
export function says(...words: readonly string[]): Sentence {
  return async (shop) => shop.does(...words)
}

/** As a crash would end it; the next one is started as a service manager would. */
export const killsTheController: Sentence = async (shop) => killController(shop.workspace)

/** Nobody starts another one. */
export const losesTheController: Sentence = async (shop) =>
  kill(await controllerPid(shop), 'SIGKILL')

/** As by a service manager that stops it alone. */
export const theControllerLeaves: Sentence = async (shop) =>
  kill(await controllerPid(shop), 'SIGTERM')

/** Its supervisor is killed, and its workers end by themselves. */
export const losesTheProxy: Sentence = async (shop) => {
  const [supervisor, ...workers] = await ownPids(shop.workspace.stateDirectory)
  if (supervisor === undefined) throw new Error('there is no proxy to be lost')
  await kill(supervisor, 'SIGKILL')
  for (const worker of workers) await kill(worker, 0)
}

/** Resolves when the process is gone. */
async function kill(pid: number, signal: 'SIGKILL' | 'SIGTERM' | 0): Promise<void> {
  const identity = identify(pid)
  if (!identity) return
  process.kill(pid, signal)
  await until(
    async () => isAlive(identity),
    (is) => !is,
  )
}

export async function controllerPid({ workspace }: Shop): Promise<number> {
  return Number(await readFile(join(workspace.stateDirectory, 'controller.pid'), 'utf8'))
}
