import { readFile } from 'node:fs/promises'

/** One piece of work the app did, as it noted it before answering. */
export interface SideEffect {
  readonly id: string
  readonly version: string
  readonly pid: number
  /** Of an upload's body, as the app received it. */
  readonly sha256?: string
}

/**
 * The side-effect ledger: one line per piece of work, `id version pid [bytes sha256]`.
 * A file that is not there means that no work was done. Rejects with the system's error when it cannot be read.
 */
export async function readLedger(path: string): Promise<readonly SideEffect[]> {
  const lines = (await textOf(path)).split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const [id = '', version = '', pid = '', , sha256] = line.split(' ')
    return { id, version, pid: Number(pid), ...(sha256 === undefined ? {} : { sha256 }) }
  })
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return ''
    throw error
  }
}
