import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { unlessClosed } from '../../lib/unless-closed.ts'

/** Processes of this machine that still work in a folder or were started with it; there must be none. */
export function leftovers(folder: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({
      pid,
      cwd: unlessClosed(() => readlinkSync(`/proc/${pid}/cwd`)) ?? '',
      command: unlessClosed(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '',
    }))
    .filter(({ cwd, command }) => cwd.startsWith(folder) || command.includes(folder))
    .map(({ pid, command }) => `${pid} ${command.replaceAll('\0', ' ').trim()}`)
}
