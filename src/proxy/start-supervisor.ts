import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { ServiceName } from '../core/names.ts'
import { Problem } from '../core/problem.ts'
import type { Address } from '../core/address.ts'
import { bindSocket, type ListeningSocket } from './listening-socket.ts'
import { readSnapshot, SNAPSHOT_FILE } from './snapshot-file.ts'
import { readSight, SIGHT_FILE } from './sight/sight-file.ts'
import { SightSum } from './sight/sight-sum.ts'
import { readTally, TALLY_FILE } from './tally-file.ts'
import { Supervisor, type SupervisorOptions } from './supervisor.ts'

/** The workers of a supervisor that was killed let go of their sockets at once; a busy one needs a moment to hear of it. */
const PATIENCE_MS = 5_000
const RETRY_MS = 25

/**
 * A supervisor that obeys the snapshot of the last time. Rejects with `snapshot-corrupt`, or as `bindSocket` does when
 * an address of the snapshot cannot be bound.
 */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { directory, log } = options
  const snapshot = await readSnapshot(join(directory, SNAPSHOT_FILE))
  const tally = await readTally(join(directory, TALLY_FILE), log)
  const sights = new SightSum(await readSight(join(directory, SIGHT_FILE), log))
  const sockets = new Map<ServiceName, ListeningSocket>()
  for (const { service, listen } of snapshot.routes) {
    sockets.set(service, await bindPatiently(listen))
  }
  const supervisor = new Supervisor({ charge: { snapshot, sockets }, tally, sights }, options)
  await supervisor.ready()
  return supervisor
}

async function bindPatiently(address: Address): Promise<ListeningSocket> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await bindSocket(address)
    } catch (error) {
      const taken = error instanceof Problem && error.code === 'port-in-use'
      if (!taken || performance.now() > until) throw error
      await setTimeout(RETRY_MS)
    }
  }
}
