import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'

const EACH_MS = 10

/** A process that cannot be mistaken for a later one with the same pid: pids are reused, start times are not. */
export interface ProcessIdentity {
  readonly pid: number
  /** Opaque; equal for the same process, different for a later one with its pid. */
  readonly started: string
}

/** The process that has `pid` now; `undefined` when there is none, or only its zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedByPs(pid)
  return started === undefined ? undefined : { pid, started }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started
}

/** Resolves when it has ended; rejects with the signal's reason when that fires first. */
export async function untilGone(
  identity: ProcessIdentity,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  while (isAlive(identity)) await setTimeout(EACH_MS, undefined, { ...(signal && { signal }) })
}

/** Field 22 of /proc/PID/stat (proc(5)): start time in clock ticks since boot. The name in field 2 may hold anything. */
function startedOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

function startedByPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    }).trim()
    return line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '')
  } catch (error) {
    // ps ends with 1 when there is no such process.
    if ((error as { status?: unknown }).status === 1) return undefined
    throw error
  }
}

function isGone(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return code === 'ENOENT' || code === 'ESRCH'
}
