import { readdir, readFile, readlink } from 'node:fs/promises'

/**
 * The peers' ports of the TCP connections that process `pid` has accepted on `port`: the local ports of whoever is
 * connected to it from this machine. Reads /proc (proc(5)), so Linux only; elsewhere, and for a process that is gone
 * or not ours to look at, none.
 */
export async function connectionsOf(pid: number, port: number): Promise<ReadonlySet<number>> {
  const own = await socketsOf(pid)
  const ports = new Set<number>()
  for (const table of ['tcp', 'tcp6']) {
    for (const row of await rowsOf(`/proc/${pid}/net/${table}`)) {
      if (row.localPort === port && own.has(row.inode)) ports.add(row.peerPort)
    }
  }
  return ports
}

/** The inodes of its sockets, from links such as `socket:[12345]`. */
async function socketsOf(pid: number): Promise<ReadonlySet<string>> {
  const folder = `/proc/${pid}/fd`
  const names = await unlessGone(readdir(folder))
  const targets = await Promise.all(
    (names ?? []).map((name) => unlessGone(readlink(`${folder}/${name}`))),
  )
  const inodes = targets.map((target) => /^socket:\[(\d+)\]$/.exec(target ?? '')?.[1])
  return new Set(inodes.filter((inode) => inode !== undefined))
}

interface Row {
  readonly localPort: number
  readonly peerPort: number
  readonly inode: string
}

const LISTEN = '0A'

/** Rows are `sl local_address rem_address st … inode`, addresses `hex:hexport`. */
async function rowsOf(table: string): Promise<Row[]> {
  const text = (await unlessGone(readFile(table, 'latin1'))) ?? ''
  const rows = text.split('\n').slice(1)
  return rows.flatMap((row) => {
    const [, local = '', peer = '', state, , , , , , inode = ''] = row.trim().split(/\s+/)
    if (state === LISTEN || inode === '') return []
    return [{ localPort: portIn(local), peerPort: portIn(peer), inode }]
  })
}

function portIn(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16)
}

/** Processes and their files come and go while they are read, and others' are closed to us. */
async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM')
      return undefined
    throw error
  }
}
