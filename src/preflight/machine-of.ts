import { statfs } from 'node:fs/promises'
import type { Machine } from './preflight-tools.ts'

/** This machine, with the disk that holds `directory`. */
export function machineOf(directory: string): Machine {
  return {
    memoryBytes: () => process.availableMemory(),
    diskBytes: async () => {
      const { bavail, bsize } = await statfs(directory)
      return bavail * bsize
    },
  }
}
