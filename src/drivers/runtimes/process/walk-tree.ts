import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface TreeEntry {
  /** Relative to where the walk began. */
  readonly path: string
  readonly kind: 'directory' | 'file' | 'link' | 'other'
}

/** Everything below a directory, each directory before what is in it; nothing of a path that is not wanted. */
export async function walkTree(
  root: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<TreeEntry[]> {
  const found: TreeEntry[] = []
  const visit = async (directory: string) => {
    for (const dirent of await readdir(join(root, directory), { withFileTypes: true })) {
      const entry = { path: join(directory, dirent.name), kind: kindOf(dirent) }
      if (!isWanted(entry.path)) continue
      found.push(entry)
      if (entry.kind === 'directory') await visit(entry.path)
    }
  }
  await visit('')
  return found
}

function kindOf(dirent: Dirent): TreeEntry['kind'] {
  if (dirent.isDirectory()) return 'directory'
  if (dirent.isSymbolicLink()) return 'link'
  return dirent.isFile() ? 'file' : 'other'
}
