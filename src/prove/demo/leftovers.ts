import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Processes of this machine that still work in a folder or were started with it; there must be none. */
export function leftovers(folder: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({
      pid,
      cwd: seen(() => readlinkSync(`/proc/${pid}/cwd`)),
      command: seen(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')),
    }))
    .filter(({ cwd, command }) => cwd.startsWith(folder) || command.includes(folder))
    .map(({ pid, command }) => `${pid} ${command.replaceAll('\0', ' ').trim()}`)
}

/** A process may end while it is looked at, and others' are closed to us. */
function seen(look: () => string): string {
  try {
    return look()
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ESRCH' || code === 'EPERM') return ''
    throw error
  }
}
