import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { unlessClosed } from './unless-closed.ts'

export interface PortOwner {
  readonly pid: number
  readonly command: string
}

/**
 * The process that listens on a TCP port of this machine, as far as this user may see it.
 * Reads /proc (Linux only); elsewhere, and for another user's process, `undefined`.
 */
export function portOwner(port: number): PortOwner | undefined {
  if (process.platform !== 'linux') return undefined
  const inodes = listeningInodes(port)
  if (inodes.size === 0) return undefined
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (holds(pid, inodes)) return { pid: Number(pid), command: commandOf(pid) }
  }
  return undefined
}

/** Lines of /proc/net/tcp: `sl local_address rem_address st … inode`; state 0A is LISTEN. */
function listeningInodes(port: number): Set<string> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const inodes = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of unlessClosed(() => readFileSync(table, 'latin1'))
      ?.split('\n')
      .slice(1) ?? []) {
      const fields = line.trim().split(/\s+/)
      if (fields[1]?.endsWith(`:${hex}`) && fields[3] === '0A' && fields[9]) inodes.add(fields[9])
    }
  }
  return inodes
}

function holds(pid: string, inodes: ReadonlySet<string>): boolean {
  const fds = unlessClosed(() => readdirSync(`/proc/${pid}/fd`)) ?? []
  return fds.some((fd) => {
    const target = unlessClosed(() => readlinkSync(`/proc/${pid}/fd/${fd}`))
    return inodes.has(/^socket:\[(\d+)\]$/.exec(target ?? '')?.[1] ?? '')
  })
}

function commandOf(pid: string): string {
  const line = unlessClosed(() => readFileSync(`/proc/${pid}/comm`, 'utf8'))
  return line?.trim() ?? '?'
}
