import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import type { Groups } from '../core/group.ts'
import type { Journal } from '../core/journal.ts'
import type { Outbox } from '../core/notifier.ts'
import type { Records } from '../core/record.ts'
import type { Lease, Releases, Rollouts, Services } from '../core/store.ts'
import { groups } from './groups.ts'
import { journal } from './journal.ts'
import { takeLease } from './lease.ts'
import { openDatabase } from './open.ts'
import { outbox } from './outbox.ts'
import { records } from './records.ts'
import { releases } from './releases.ts'
import { rollouts } from './rollouts.ts'
import { services } from './services.ts'
import { statements } from './statement.ts'

/** Everything Midflight remembers, in one SQLite file: write-ahead log, synced at each commit. */
export interface Store {
  readonly journal: Journal
  readonly lease: Lease
  readonly outbox: Outbox
  readonly records: Records
  readonly releases: Releases
  readonly rollouts: Rollouts
  readonly services: Services
  readonly groups: Groups
  close(): void
}

/** Opens the store and takes the lease on it. Throws a Problem when the file cannot be trusted; it is left as it is. */
export function openStore(stateDirectory: string, clock: Clock): Store {
  const database = openDatabase(stateDirectory)
  const all = statements(database, join(stateDirectory, 'state.db'))
  const lease = takeLease(all)
  return {
    journal: journal(all, lease, clock),
    outbox: outbox(all, lease, clock),
    records: records(all, lease, clock),
    lease,
    releases: releases(all, lease),
    rollouts: rollouts(all, lease, clock),
    services: services(all, lease),
    groups: groups(all, lease, clock),
    close: () => {
      database.close()
    },
  }
}
