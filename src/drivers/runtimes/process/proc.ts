import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { ProcessIdentity } from '../../../lib/process-identity.ts'
import { unlessClosed } from '../../../lib/unless-closed.ts'

/** One process of this machine, as its process table shows it. */
export interface ProcessEntry extends ProcessIdentity {
  readonly group: number
  readonly session: number
  /** Processor time of it and of its ended children, in milliseconds; 0 where the system cannot tell. */
  readonly cpuMs: number
}

/** USER_HZ, the unit of times in /proc: 100 on every architecture Node runs on (proc(5), time(7)). */
const TICKS_PER_SECOND = 100

const linux = process.platform === 'linux'

/** Every process that lives now; zombies do not. */
export function processes(): ProcessEntry[] {
  if (!linux) return processesByPs()
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => entryOf(Number(pid)) ?? [])
}

/** Was the process started with `NAME=value` in its environment? Linux only; elsewhere nobody can be asked. */
export function wasStartedWith(pid: number, assignment: string): boolean {
  if (!linux) return false
  return readable(`/proc/${pid}/environ`)?.split('\0').includes(assignment) ?? false
}

/** Resident memory in bytes; `undefined` when the process is gone or the system cannot tell. */
export function residentBytes(pid: number): number | undefined {
  if (!linux) return undefined
  const status = readable(`/proc/${pid}/status`)
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1]
  return kib === undefined ? undefined : Number(kib) * 1024
}

/** Open file descriptors, and how many the process may have; `undefined` as for `residentBytes`. */
export function descriptorsOf(pid: number): { open: number; most: number } | undefined {
  if (!linux) return undefined
  const limits = readable(`/proc/${pid}/limits`)
  const most = /^Max open files\s+(\d+)/m.exec(limits ?? '')?.[1]
  const open = listed(`/proc/${pid}/fd`)?.length
  return most === undefined || open === undefined ? undefined : { open, most: Number(most) }
}

/** Differs after each start of the machine: pids and start times count from there. */
export function bootId(): string {
  return linux ? readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim() : 'unknown'
}

/** Fields of /proc/PID/stat after the name, counted as in proc(5): 3 state, 5 group, 6 session, 14–17 times, 22 start. */
function entryOf(pid: number): ProcessEntry | undefined {
  const stat = readable(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const field = (number: number) => Number(fields[number - 3])
  const started = fields[22 - 3]
  if (started === undefined || fields[0] === 'Z' || fields[0] === 'X') return undefined
  const ticks = field(14) + field(15) + field(16) + field(17)
  const cpuMs = (ticks * 1000) / TICKS_PER_SECOND
  return { pid, started, group: field(5), session: field(6), cpuMs }
}

function readable(path: string): string | undefined {
  return unlessClosed(() => readFileSync(path, 'latin1'))
}

function listed(path: string): string[] | undefined {
  return unlessClosed(() => readdirSync(path))
}

/** The plain fallback where there is no /proc. The group stands for the session. */
function processesByPs(): ProcessEntry[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,stat=,lstart='], { encoding: 'utf8' })
  return table.split('\n').flatMap((line) => {
    const [, pid, group, stat, started] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*\S)/.exec(line) ?? []
    if (started === undefined || stat?.startsWith('Z')) return []
    return { pid: Number(pid), started, group: Number(group), session: Number(group), cpuMs: 0 }
  })
}
