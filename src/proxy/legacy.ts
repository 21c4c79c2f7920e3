import type { HealthMark, Tally } from './plane/data-plane-port.ts'
import type { Charge } from './charge.ts'
import type { Orphans } from './orphans.ts'
import type { SightSum } from './sight/sight-sum.ts'
import type { SnapshotJournal } from './snapshot-journal.ts'
import type { Sockets } from './sockets.ts'
import type { Certificates } from './tls/certificates.ts'

/** What an earlier supervisor left. */
export interface Legacy {
  readonly charge: Charge
  readonly sockets: Sockets
  readonly journal: SnapshotJournal
  readonly tally: Tally
  readonly orphans: Orphans
  readonly marks: readonly HealthMark[]
  /** Closed until it has succeeded an older proxy. */
  readonly doors: 'open' | 'closed'
  readonly sights: SightSum
  readonly stickyKey: Buffer
  readonly certificates: Certificates
}
