import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Problem } from '../core/problem.ts'
import type { Route } from '../core/route.ts'
import { Charge, type Post, postFor } from './charge.ts'
import { readSnapshot, SnapshotJournal } from './snapshot-journal.ts'
import { Sockets } from './sockets.ts'
import { readSight, SIGHT_FILE } from './sight/sight-file.ts'
import { SightSum } from './sight/sight-sum.ts'
import { readTally, TALLY_FILE } from './tally-file.ts'
import { stickyKey } from './sticky-key.ts'
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
  const snapshot = await readSnapshot(directory)
  const tally = await readTally(join(directory, TALLY_FILE), log)
  const sights = new SightSum(await readSight(join(directory, SIGHT_FILE), log))
  const key = await stickyKey(directory, log)
  const sockets = new Sockets()
  const posts: Post[] = []
  for (const route of snapshot.routes) posts.push(await postPatiently(route, sockets))
  const charge = new Charge(snapshot.version, posts)
  const journal = new SnapshotJournal(directory)
  await journal.rewrite(snapshot)
  const supervisor = new Supervisor(
    { charge, sockets, journal, tally, sights, stickyKey: key },
    options,
  )
  await supervisor.ready()
  return supervisor
}

async function postPatiently(route: Route, sockets: Sockets): Promise<Post> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await postFor(route, undefined, sockets)
    } catch (error) {
      const taken = error instanceof Problem && error.code === 'port-in-use'
      if (!taken || performance.now() > until) throw error
      await setTimeout(RETRY_MS)
    }
  }
}
