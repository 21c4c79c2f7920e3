import type { Load } from '../../src/prove/load.ts'
import { type Blow, kill } from './blows.ts'
import type { Cell } from './cell.ts'
import { refuseReadOnly, tearSnapshot, tearStore, trouble, versionOf } from './damage.ts'
import type { Lane } from './lane.ts'

/** What is done to a rollout, and when. */
export interface Struck {
  /** While its controller waits at the moment. */
  readonly atMoment: () => Promise<void>
  /** When its controller has died at the moment, before the next one starts. */
  readonly afterDeath: () => Promise<void>
  readonly isStruck: () => boolean
  /** Resolves when the blow is over. Rejects when it never fell. */
  readonly over: () => Promise<void>
}

/** The controller itself is killed first. */
export function isDeadly(
  blow: Blow,
): blow is 'controller' | 'torn store' | 'torn routes' | 'read-only' {
  return ['controller', 'torn store', 'torn routes', 'read-only'].includes(blow)
}

export function strike(lane: Lane, load: Load, { blow, turn }: Cell): Struck {
  let end: Promise<void> | undefined
  let oldest = 0
  return {
    atMoment: async () => {
      end = Promise.resolve()
      if (blow === 'disk full') end = (await fillDisk(lane)).over
      else if (!isDeadly(blow)) await kill(blow, turn, lane, load)
    },
    afterDeath: async () => {
      if (!isDeadly(blow)) throw new Error(`nobody killed the controller: ${await lane.said()}`)
      end = Promise.resolve()
      if (blow === 'torn store') await tearStore(lane)
      if (blow === 'torn routes') oldest = await tearSnapshot(lane, load)
      if (blow === 'read-only') await refuseReadOnly(lane)
    },
    isStruck: () => end !== undefined,
    over: async () => {
      if (!end) throw new Error('it never came to that moment')
      await end
      // Instances that run are found again and routes made anew: the end would be the same.
      if (oldest > 0 && (await versionOf(lane)) < oldest) throw new Error('routes were lost')
    },
  }
}

/** There is room again as soon as the rollout has met the full disk. */
async function fillDisk(lane: Lane): Promise<{ readonly over: Promise<void> }> {
  const { disk } = lane
  const rollout = await lane.lastRollout()
  if (!disk || !rollout) throw new Error('there is no disk to be filled')
  disk.fill()
  const over = trouble(lane, rollout.id).finally(async () => disk.makeRoom())
  // Whoever waits for it is told; when something else fails before, nobody waits.
  void Promise.allSettled([over])
  return { over }
}
