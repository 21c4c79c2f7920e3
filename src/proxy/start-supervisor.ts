import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Problem } from '../core/problem.ts'
import type { Route } from '../core/route.ts'
import { Certificates } from './tls/certificates.ts'
import { Charge, type Post, postFor } from './charge.ts'
import type { Claim } from './claim.ts'
import { succeedClaim } from './handover/succeed-claim.ts'
import type { Elder } from './handover/elder.ts'
import type { ListeningSocket } from './listening-socket.ts'
import { Orphans } from './orphans.ts'
import { readSnapshot } from './read-snapshot.ts'
import { SnapshotJournal } from './snapshot-journal.ts'
import { Sockets } from './sockets.ts'
import { readSight, SIGHT_FILE } from './sight/sight-file.ts'
import { SightSum } from './sight/sight-sum.ts'
import { readTally, TALLY_FILE } from './tally-file.ts'
import { stickyKey } from './sticky-key.ts'
import type { Legacy } from './legacy.ts'
import { Supervisor, type SupervisorOptions } from './supervisor.ts'

/** The workers of a supervisor that was killed let go of their sockets at once; a busy one needs a moment to hear of it. */
const PATIENCE_MS = 5_000
const RETRY_MS = 25

/**
 * A supervisor that obeys the snapshot of the last time, on these sockets where they have the address of a route.
 * Rejects with `snapshot-corrupt`, or as `bindSocket` does when an address of the snapshot cannot be bound.
 */
export async function startSupervisor(
  options: SupervisorOptions,
  given: readonly ListeningSocket[],
): Promise<Supervisor> {
  const { directory, log } = options
  const legacy = await legacyOf(options, given)
  legacy.sights.restore(await readSight(join(directory, SIGHT_FILE), log))
  const tally = await readTally(join(directory, TALLY_FILE), log)
  const orphans = new Orphans(directory, { isHeir: false })
  const supervisor = new Supervisor(
    { ...legacy, tally, orphans, marks: [], doors: 'open' },
    options,
  )
  // The disk says the same already, in more words: the workers need not wait for it.
  await Promise.all([legacy.journal.rewrite(legacy.charge.snapshot), supervisor.ready()])
  supervisor.begin()
  return supervisor
}

/**
 * A supervisor that has taken over from an older proxy. It accepts nothing and writes nothing before it has proved that
 * it carries traffic. Rejects with why it does not; the older one goes on then.
 */
export async function startHeir(
  options: SupervisorOptions,
  elder: Elder,
): Promise<{ readonly supervisor: Supervisor; readonly claim: Claim }> {
  const { sockets, marks } = await elder.estate()
  const legacy = await legacyOf(options, sockets)
  const orphans = new Orphans(options.directory, { isHeir: true })
  const supervisor = new Supervisor(
    { ...legacy, tally: {}, orphans, marks, doors: 'closed' },
    options,
  )
  await supervisor.prove()
  const will = await elder.will()
  const claim = await succeedClaim(options.directory)
  await supervisor.succeed(elder.succeed(), will)
  return { supervisor, claim }
}

async function legacyOf(
  { directory, log }: SupervisorOptions,
  given: readonly ListeningSocket[],
): Promise<Omit<Legacy, 'tally' | 'orphans' | 'marks' | 'doors'>> {
  const snapshot = await readSnapshot(directory)
  const sockets = new Sockets(given)
  const posts: Post[] = []
  for (const route of snapshot.routes) posts.push(await postPatiently(route, sockets))
  const certificates = new Certificates({ directory, log })
  await certificates.open(snapshot.routes)
  return {
    certificates,
    charge: new Charge(snapshot.version, posts),
    sockets,
    journal: new SnapshotJournal(directory),
    sights: new SightSum({}),
    stickyKey: await stickyKey(directory, log),
  }
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
