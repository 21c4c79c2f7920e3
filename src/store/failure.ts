import { Problem } from '../core/problem.ts'

/** SQLite's primary result codes (sqlite.org/rescode.html) that a user can do something about. */
const KNOWN: Readonly<Record<number, readonly [code: string, what: string, hint: string]>> = {
  5: ['state-in-use', 'is held by another process', 'Wait for it, or stop the other controller.'],
  8: [
    'state-unreadable',
    'may not be written',
    'Give this user the right to write it, or use --state DIR.',
  ],
  10: [
    'state-unreadable',
    'cannot be read or written (I/O error)',
    'Look at the disk: dmesg, df, df -i.',
  ],
  11: [
    'state-corrupt',
    'is damaged',
    'Restore it from a backup. To begin anew, move it away, then `midflight down` and `midflight up`.',
  ],
  13: [
    'disk-full',
    'cannot grow: the disk is full',
    'Make room; a rollout goes on by itself then.',
  ],
  14: [
    'state-unreadable',
    'cannot be opened',
    'Give this user the right to it, or use --state DIR.',
  ],
  26: [
    'state-corrupt',
    'is not a database',
    'Restore it from a backup. To begin anew, move it away, then `midflight down` and `midflight up`.',
  ],
}

const SYSTEM: Readonly<Record<string, number>> = {
  ENOSPC: 13,
  EACCES: 14,
  EPERM: 14,
  EROFS: 8,
  ENOTDIR: 14,
}

/** What SQLite or the system said of a file, as a Problem; anything unknown is passed on as it is. */
export function asProblem(error: unknown, path: string): unknown {
  if (error instanceof Problem) return error
  const { errcode, code } = error as { errcode?: number; code?: string }
  // The extended code holds the primary one in its lowest byte.
  const known = KNOWN[errcode === undefined ? (SYSTEM[code ?? ''] ?? -1) : errcode & 0xff]
  if (!known) return error
  const [name, what, hint] = known
  return new Problem(name, {
    message: `${path} ${what}`,
    hint: `${hint} Nothing was changed, and the service runs on.`,
    data: { path },
    cause: error,
  })
}
