import { readdirSync } from 'node:fs'
import { procFile } from './process-tree.ts'

/** proc(5), `utime`: in units of USER_HZ, which is 100 on every Linux that Node runs on. */
const MICROS_PER_TICK = 10_000

/**
 * User and system time of these processes so far, in microseconds, the time of threads that ended among it. Each process
 * is exact to one tick of 10 ms; its share of the kernel's work for the network is in it where the kernel does it on
 * the process's behalf, as it does on loopback.
 */
export function processorMicros(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid) * MICROS_PER_TICK, 0)
}

/** The same to the nanosecond, for short times; a thread that has ended is not in it. */
export function threadMicros(pids: readonly number[]): number {
  const nanos = pids.flatMap((pid) => threadsOf(pid).map((thread) => nanosOf(pid, thread)))
  return nanos.reduce((sum, one) => sum + one, 0) / 1_000
}

function threadsOf(pid: number): readonly string[] {
  return procFile(pid, 'stat') === undefined ? [] : readdirSync(`/proc/${pid}/task`)
}

/** The first field of schedstat: the time spent on a core. */
function nanosOf(pid: number, thread: string): number {
  return Number(procFile(pid, `task/${thread}/schedstat`)?.split(' ')[0] ?? 0)
}

/** Fields 14 and 15 of /proc/PID/stat. */
function ticksOf(pid: number): number {
  const stat = procFile(pid, 'stat')
  if (stat === undefined) return 0
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}
