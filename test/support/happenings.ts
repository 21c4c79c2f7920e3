import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { killController } from '../../src/prove/demo/chaos.ts'
import type { Sentence } from './given.ts'
import type { AppVersion, Shop } from './shop.ts'

export const underLoad: Sentence = async (shop) => shop.getsTraffic()

/** Deploys this version, and resolves when the rollout has ended. */
export function deploys(version: AppVersion): Sentence {
  return async (shop) => {
    await beginsToDeploy(version)(shop)
    await endsItsRollout(shop)
  }
}

export function beginsToDeploy(version: AppVersion): Sentence {
  return async (shop) => {
    await shop.write(version)
    shop.begins('deploy', '--release', version.version)
  }
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

/** A verb that ends at once, and must work. */
export function says(...words: readonly string[]): Sentence {
  return async (shop) => shop.does(...words)
}

/** As a crash would end it; the next one is started as a service manager would. */
export const killsTheController: Sentence = async (shop) => killController(shop.workspace)

export const losesTheController: Sentence = async (shop) => {
  process.kill(await controllerPid(shop), 'SIGKILL')
}

export async function controllerPid({ workspace }: Shop): Promise<number> {
  return Number(await readFile(join(workspace.stateDirectory, 'controller.pid'), 'utf8'))
}
