import { fileURLToPath } from 'node:url'

/**
 * The path of a module beside the one that asks, to start it as a process of its own.
 * In the repository modules end in `.ts` and Node strips the types; in the published package they are `.js`.
 */
export function sibling(importMetaUrl: string, name: string): string {
  const ending = importMetaUrl.endsWith('.ts') ? '.ts' : '.js'
  return fileURLToPath(new URL(`${name}${ending}`, importMetaUrl))
}
