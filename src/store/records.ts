import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Clock } from '../core/clock.ts'
import type { RecordedEntry, RecordEntry, Records } from '../core/record.ts'
import type { RolloutId } from '../core/rollout.ts'
import { thinLook } from '../core/thin-look.ts'
import type { WriteLease } from './lease.ts'
import { recordPages } from './record-pages.ts'
import type { Row, Statements } from './statement.ts'

/** How much of the record of one rollout is kept. */
export interface RecordBounds {
  /** On the disk. Looks leave some of it to decisions, which come late and are small. */
  readonly bytes: number
  readonly bytesWithLooks: number
  /** Of how many rollouts of a service the looks are kept. */
  readonly rolloutsWithLooks: number
}

const MEBIBYTE = 1024 * 1024
const BOUNDS: RecordBounds = {
  bytes: 17 * MEBIBYTE,
  bytesWithLooks: 16 * MEBIBYTE,
  rolloutsWithLooks: 10,
}

const INSERT = `insert into records (rollout, seq, at, kind, used, body)
  select ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ? from records where rollout = ?`
const PAGE = 'select * from records where rollout = ? and seq > ? order by seq limit ?'
const FORGET_LOOKS = `delete from records where kind = 'looks' and rollout in
  (select id from rollouts where service = ? order by id desc limit -1 offset ?)`

export function records(
  statements: Statements,
  lease: WriteLease,
  clock: Clock,
  bounds: RecordBounds = BOUNDS,
): Records {
  const insert = (rollout: RolloutId, entry: RecordEntry, used: number, body = bodyOf(entry)) => {
    statements.run(INSERT, rollout, clock.now(), entry.kind, used, body, rollout)
  }
  return {
    add: async (rollout, entry) => {
      const most = entry.kind === 'looks' ? bounds.bytesWithLooks : bounds.bytes
      const body = bodyOf(entry)
      lease.atomically(() => {
        const used = usedBy(statements, rollout)
        if (used >= most) return
        const next = used + body.byteLength
        if (next <= most) return insert(rollout, entry, next, body)
        // It is said once: from now on as much is used as may be.
        const what = entry.kind === 'looks' ? 'looks' : 'everything'
        insert(rollout, { kind: 'full', what }, most)
      })
    },
    read: async (rollout) =>
      statements.all('select * from records where rollout = ? order by seq', rollout).map(entryIn),
    pages: (rollout) =>
      recordPages((after, most) => statements.all(PAGE, rollout, after, most).map(entryIn)),
    prune: async (service) => {
      lease.atomically(() => statements.run(FORGET_LOOKS, service, bounds.rolloutsWithLooks))
    },
  }
}

/** Each entry knows how many bytes there are up to it, so that none has to be read again for it. */
function usedBy(statements: Statements, rollout: RolloutId): number {
  const [last] = statements.all(
    'select used from records where rollout = ? order by seq desc limit 1',
    rollout,
  )
  return Number(last?.['used'] ?? 0)
}

function bodyOf(entry: RecordEntry): Uint8Array {
  const kept = entry.kind === 'looks' ? { ...entry, looks: entry.looks.map(thinLook) } : entry
  return deflateRawSync(JSON.stringify(kept))
}

function entryIn(row: Row): RecordedEntry {
  const text = inflateRawSync(row['body'] as Uint8Array).toString('utf8')
  const entry = JSON.parse(text) as RecordEntry
  return { ...entry, seq: Number(row['seq']), atMs: Number(row['at']) }
}
