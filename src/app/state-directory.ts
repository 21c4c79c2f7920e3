import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { stateUnreadable } from '../api/state-unreadable.ts'
import { Problem } from '../core/problem.ts'

/** sockaddr_un holds 108 bytes, a closing zero among them (unix(7)); the longest of our sockets must fit. */
const LONGEST = 107
const LONGEST_SOCKET = join('proxy', 'control.sock')

/** Throws `state-path-too-long` before a socket is made whose path the system would cut off. */
export function checkPathLength(stateDirectory: string): void {
  const length = Buffer.byteLength(join(stateDirectory, LONGEST_SOCKET))
  if (length <= LONGEST) return
  throw new Problem('state-path-too-long', {
    message: `the path of the state directory is too long for unix sockets: ${stateDirectory} (${length} bytes with ${LONGEST_SOCKET}, at most ${LONGEST})`,
    hint: 'Use a shorter one: --state DIR, or MIDFLIGHT_STATE.',
    data: { stateDirectory, length },
  })
}

/** Makes the directory for this user only. Throws `state-unreadable` when it cannot be made or used. */
export function makeStateDirectory(stateDirectory: string): void {
  try {
    if (!existsSync(stateDirectory)) {
      mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
      chmodSync(stateDirectory, 0o700)
    }
    accessSync(stateDirectory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw stateUnreadable(stateDirectory, error)
  }
}
