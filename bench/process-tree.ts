import { readdirSync, readFileSync } from 'node:fs'

/** A process and all it started that still live, itself first. Reads /proc. */
export function processTree(pid: number): readonly number[] {
  const children = Map.groupBy(
    readdirSync('/proc').filter((name) => /^\d+$/.test(name)),
    (child) => parentOf(child),
  )
  const tree = [pid]
  for (const one of tree) tree.push(...(children.get(one) ?? []).map(Number))
  return tree
}

/** Field 4 of /proc/PID/stat (proc(5)). The name in field 2 may hold anything. */
function parentOf(pid: string): number | undefined {
  const stat = procFile(pid, 'stat')
  return stat === undefined
    ? undefined
    : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** `undefined` when the process has ended. */
export function procFile(pid: number | string, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}
