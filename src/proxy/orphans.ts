import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { identify, isAlive, type ProcessIdentity } from '../lib/process-identity.ts'
import { unlessClosed } from '../lib/unless-closed.ts'

/** What workers and their supervisors call themselves. */
const [WORKER, SUPERVISOR] = ['midflight-worker', 'midflight-proxy']

/**
 * The workers of a supervisor that was killed, or that had given way to one that was. They finish what they have, by the routes
 * of then, and what runs on them is in nobody's count. Linux only: elsewhere none is found.
 */
export class Orphans {
  #left: readonly ProcessIdentity[]

  /** Those that now work in the directory of a proxy; but for an heir, those that the proxy before it still leads. */
  constructor(directory: string, { isHeir }: { readonly isHeir: boolean }) {
    const place = unlessClosed(() => realpathSync(directory))
    const all = process.platform === 'linux' && place ? workersIn(place) : []
    const own = isHeir ? all.filter((pid) => titleOf(parentOf(pid)) !== SUPERVISOR) : all
    this.#left = own.flatMap((pid) => identify(Number(pid)) ?? [])
  }

  /** How many are left. */
  get count(): number {
    if (this.#left.length > 0) this.#left = this.#left.filter(isAlive)
    return this.#left.length
  }

  /** Cuts what they have. */
  kill(): void {
    for (const { pid } of this.#left.filter(isAlive))
      unlessClosed(() => process.kill(pid, 'SIGKILL'))
  }
}

function workersIn(directory: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => titleOf(pid) === WORKER && placeOf(pid) === directory)
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
