import { readFileSync } from 'node:fs'
import { Problem } from '../src/core/problem.ts'
import type { Case } from './cases/case.ts'
import type { Peer } from './peers/peer.ts'
import { whereIs } from './where-is.ts'

/** Why a proxy takes no part in a case; nothing when it does. */
export function reasonToSkip(one: Case, peer: Peer): string | undefined {
  const missing = [peer.program, ...one.needs].find((program) => whereIs(program) === undefined)
  if (missing !== undefined) return `${missing} is not installed`
  if (one.openFiles !== undefined && mostOpenFiles() < one.openFiles)
    return `a process may have ${mostOpenFiles()} files open (ulimit -n), not ${one.openFiles}`
  if (one.onlyMidflight && peer.name !== 'midflight') return 'the case is about Midflight only'
  return peer.cannot?.(one)
}

/** Node raises its own limit to the hard one, and what it starts inherits it. */
function mostOpenFiles(): number {
  const limits = readFileSync('/proc/self/limits', 'latin1')
  return Number(/^Max open files\s+\d+\s+(\d+)/m.exec(limits)?.[1] ?? Infinity)
}

/** Throws `bench-impossible` when one of the programs is not there. */
export function needed(...programs: readonly string[]): void {
  const missing = programs.filter((program) => whereIs(program) === undefined)
  if (missing.length === 0) return
  throw new Problem('bench-impossible', {
    message: `the bench needs ${missing.join(', ')}`,
    hint: 'On Debian: apt install util-linux nginx openssl wrk nghttp2-client',
  })
}
