import { stat } from 'node:fs/promises'
import { renameIfThere, shiftFiles } from '../../lib/shift-files.ts'
import type { Log } from '../proxy-log.ts'
import type { Keeping } from '../kept-file.ts'

export const ACCESS_FILE = 'access.log'

export interface FileLimits {
  /** A file larger than this is rotated. */
  readonly bytes: number
  /** How many files there may be, the one being written among them. */
  readonly files: number
}

const LIMITS: FileLimits = { bytes: 50 * 1024 * 1024, files: 5 }
const EACH_MS = 2_000

/** Rotates the file when it has grown too large: `access.log` becomes `access.log.1`, and so on. Nothing is lost. */
export async function rotateBySize(path: string, limits: FileLimits = LIMITS): Promise<void> {
  const size = await sizeOf(path)
  if (size <= limits.bytes) return
  await shiftFiles(path, limits.files)
  await renameIfThere(path, `${path}.1`)
}

/** Looks after the size of the file. */
export function keepSmall(path: string, log: Log): Keeping {
  const timer = setInterval(() => {
    rotateBySize(path).catch((error: unknown) => {
      log('access log not rotated', { why: String(error) })
    })
  }, EACH_MS)
  const stop = async (): Promise<void> => clearInterval(timer)
  return { stop, end: stop }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return 0
    throw error
  }
}
