import { settled } from '../core/roles.ts'
import type { Ending } from '../core/store.ts'
import { ledgerOf } from './ledger.ts'
import { whenThereIsRoom } from './mark.ts'
import type { Work } from './work.ts'

/** Closes the rollout with its ledger, and makes what it reached the thing that is meant to be. */
export async function finish(work: Work, how: Pick<Ending, 'outcome' | 'because'>): Promise<void> {
  const { rollout, rollouts, records, world } = work
  const last = rollout.plan.steps.length - 1
  // One that is stuck may be so because nothing can be changed any more.
  if (how.outcome !== 'stuck') await whenThereIsRoom(work, last, async () => settle(work))
  const traffic = await world.router.read(world.service)
  const endedAtMs = world.clock.now()
  const ending: Ending = {
    ...how,
    ...(traffic && { ledger: ledgerOf(rollout, traffic, endedAtMs) }),
  }
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
async function settle({ world }: Work): Promise<void> {
  await world.exclusive(async () => {
    const route = (await world.router.read(world.service))?.route
    if (route?.roles?.candidate !== undefined) await world.router.apply(settled(route))
  })
}

function promoted({ rollout, records }: Work, now: number): Work['records']['promoted'] {
  const { keeps } = rollout.plan
  if (!keeps) return records.promoted
  return { ...records.promoted, warm: { release: keeps.release, untilMs: now + keeps.warmMs } }
}
