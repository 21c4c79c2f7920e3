import { settled } from '../core/roles.ts'
import type { Ending } from '../core/store.ts'
import type { Traffic } from '../core/traffic.ts'
import { ledgerOf } from './ledger.ts'
import { whenThereIsRoom } from './mark.ts'
import type { Work } from './work.ts'

/** Closes the rollout with its ledger, and makes what it reached the thing that is meant to be. */
export async function finish(work: Work, how: Pick<Ending, 'outcome' | 'because'>): Promise<void> {
  const { rollout, rollouts, records, world } = work
  const traffic = await settle(work)
  const endedAtMs = world.clock.now()
  const ending: Ending = {
    ...how,
    ...(traffic && { ledger: ledgerOf(rollout, traffic, endedAtMs) }),
  }
  const last = rollout.plan.steps.length - 1
  // The end is written in one transaction.
  await whenThereIsRoom(work, last, async () =>
    rollouts.close(
      rollout.id,
      ending,
      how.outcome === 'promoted' ? promoted(work, endedAtMs) : records.undone,
    ),
  )
  work.emit({
    event: 'finished',
    rollout: {
      ...rollout,
      state: { phase: 'finished', ...how },
      endedAtMs,
      ...(ending.ledger && { ledger: ending.ledger }),
    },
  })
}

/** Nobody is the candidate any more, also where a release that was warm before stays beside the old one. */
async function settle({ world }: Work): Promise<Traffic | undefined> {
  return world.exclusive(async () => {
    const traffic = await world.router.read(world.service)
    if (traffic?.route.roles?.candidate !== undefined)
      await world.router.apply(settled(traffic.route))
    return traffic
  })
}

function promoted({ rollout, records }: Work, now: number): Work['records']['promoted'] {
  const { keeps } = rollout.plan
  if (!keeps) return records.promoted
  return { ...records.promoted, warm: { release: keeps.release, untilMs: now + keeps.warmMs } }
}
