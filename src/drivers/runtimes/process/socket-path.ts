import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Problem } from '../../../core/problem.ts'
import type { Place } from './instance-record.ts'
import { makePrivate, socketsPath } from './state-paths.ts'

/** unix(7): `sun_path` has 108 bytes, the last of them 0. */
const LONGEST = 107

/**
 * The path of a unix socket for one start of an instance, in a directory of this user alone. Each start has a path of its
 * own, so nobody who kept the older one reaches the newer instance. Rejects with `state-path-too-long`.
 */
export async function socketFor(state: string, token: string): Promise<string> {
  const directory = resolve(socketsPath(state))
  const path = join(directory, `${token.slice(0, 8)}.sock`)
  const length = Buffer.byteLength(path)
  if (length > LONGEST) {
    throw new Problem('state-path-too-long', {
      message: `${path} has ${length} bytes; the path of a unix socket holds ${LONGEST}`,
      hint: 'Use a shorter --state, or reach: port.',
      data: { path, length, longest: LONGEST },
    })
  }
  await makePrivate(directory)
  await rm(path, { force: true })
  return path
}

/** What an instance that was ended leaves: a server that is killed does not remove its socket. */
export async function removeSocket(place: Place): Promise<void> {
  if ('path' in place) await rm(place.path, { force: true })
}
