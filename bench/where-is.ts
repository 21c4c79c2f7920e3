import { accessSync, constants } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/** Daemons live in directories that not every shell has in its PATH. */
const ALSO = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/** Where a program is; `undefined` when it is nowhere. */
export function whereIs(program: string): string | undefined {
  if (isAbsolute(program)) return program
  const folders = [...(process.env['PATH'] ?? '').split(':'), ...ALSO]
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Absent or not executable: not a program, which is what is asked.
    return false
  }
}
