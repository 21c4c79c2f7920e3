import type { Usage } from '../../../core/instance.ts'
import type { ProcessIdentity } from '../../../lib/process-identity.ts'
import { descriptorsOf, residentBytes } from './proc.ts'
import type { ProcessTable } from './process-table.ts'

/**
 * What a process and everyone in its session use now. Memory is the resident set of each, so pages they share count
 * more than once. `undefined` when the process is gone or the system cannot tell.
 */
export function usageOf(first: ProcessIdentity, table: ProcessTable): Usage | undefined {
  const members = table.with(first).filter((entry) => entry.session === first.pid)
  if (!members.some((entry) => entry.pid === first.pid && entry.started === first.started))
    return undefined
  const memory = members.map((entry) => residentBytes(entry.pid) ?? 0)
  const memoryBytes = memory.reduce((sum, bytes) => sum + bytes, 0)
  const cpuMs = members.reduce((sum, entry) => sum + entry.cpuMs, 0)
  if (memoryBytes === 0) return undefined
  const descriptors = descriptorsOf(first.pid)
  const memoryLeftBytes = process.availableMemory()
  return { cpuMs, memoryBytes, memoryLeftBytes, ...(descriptors && { descriptors }) }
}
