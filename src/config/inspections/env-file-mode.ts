import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Inspection } from './finding.ts'

const OTHERS_MAY_READ = 0o044

/** `.env` holds secrets, and on a shared machine every user may read what is not closed. */
export const inspectEnvFileMode: Inspection = async (_, { file }) => {
  const mode = await modeOf(join(dirname(file), '.env'))
  if ((mode & OTHERS_MAY_READ) === 0) return []
  return [
    {
      code: 'env-file-open',
      level: 'warning',
      what: `.env can be read by other users of this machine (mode ${(mode & 0o777).toString(8)})`,
      why: 'it usually holds secrets',
      hint: 'chmod 600 .env',
    },
  ]
}

/** No file has no mode; neither has a directory of that name. */
async function modeOf(path: string): Promise<number> {
  try {
    const found = await stat(path)
    return found.isFile() ? found.mode : 0
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return 0
    throw error
  }
}
