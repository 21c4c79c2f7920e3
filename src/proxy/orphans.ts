import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { identify, isAlive, type ProcessIdentity } from '../lib/process-identity.ts'
import { unlessClosed } from '../lib/unless-closed.ts'

/** What workers and their supervisors call themselves. */
const [WORKER, SUPERVISOR] = ['midflight-worker', 'midflight-proxy']

/**
 * The workers of a supervisor that was killed. They finish what they have, by the routes of then, and what runs on them is
 * in nobody's count; each is gone after half a minute at the latest. Linux only: elsewhere none is found.
 */
export class Orphans {
  #left: readonly ProcessIdentity[]

  /** Those that now work in the directory of a proxy. */
  constructor(directory: string) {
    this.#left = process.platform === 'linux' ? orphansIn(realpathSync(directory)) : []
  }

  /** How many are left. */
  get count(): number {
    if (this.#left.length > 0) this.#left = this.#left.filter(isAlive)
    return this.#left.length
  }
}

function orphansIn(directory: string): readonly ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => titleOf(pid) === WORKER && placeOf(pid) === directory)
    .filter((pid) => titleOf(parentOf(pid)) !== SUPERVISOR)
    .flatMap((pid) => identify(Number(pid)) ?? [])
}

function titleOf(pid: string): string | undefined {
  return unlessClosed(() => readFileSync(`/proc/${pid}/cmdline`, 'latin1'))?.replace(
    /[\0 ].*$/s,
    '',
  )
}

function placeOf(pid: string): string | undefined {
  return unlessClosed(() => readlinkSync(`/proc/${pid}/cwd`))
}

/** Field 4 of /proc/PID/stat (proc(5)); the name in field 2 may hold anything. */
function parentOf(pid: string): string {
  const stat = unlessClosed(() => readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? ''
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? ''
}
