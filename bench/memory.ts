import { procFile } from './process-tree.ts'

/** Proportional set size (proc(5), smaps_rollup) of each process, in bytes: pages that several share count by part. */
export function memoryOf(pids: readonly number[]): readonly number[] {
  return pids.map((pid) => {
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(procFile(pid, 'smaps_rollup') ?? '')?.[1]
    return Number(kilobytes ?? 0) * 1_024
  })
}
