import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../../src/lib/free-port.ts'

const run = promisify(execFile)

/** A real PostgreSQL of one's own, on loopback only. */
export interface Postgres {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

const programs = globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1)

/** Why a test that needs PostgreSQL has to be skipped here, if so. */
export function missing(): string | undefined {
  return programs === undefined ? 'PostgreSQL is not installed' : undefined
}

/** Starts with an empty database `postgres` in a new directory, which `stop` removes. Nothing in it survives a crash. */
export async function startPostgres(): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'midflight-postgres-'))
  const owner = await ownerOf(folder)
  const data = join(folder, 'data')
  await run(`${programs}/initdb`, ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'], {
    ...owner,
    cwd: folder,
  })
  const port = await freePort()
  const settings = [
    ['listen_addresses', '127.0.0.1'],
    ['port', String(port)],
    ['unix_socket_directories', folder],
    ['fsync', 'off'],
    ['synchronous_commit', 'off'],
    ['full_page_writes', 'off'],
  ].flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(`${programs}/postgres`, ['-D', data, ...settings], {
    ...owner,
    cwd: folder,
    stdio: 'ignore',
  })
  const ended = once(server, 'exit')
  const stop = async () => {
    // SIGINT is its fast shutdown: it does not wait for its clients.
    server.kill('SIGINT')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await answers(port, owner, () => server.exitCode === null)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `postgresql://postgres@127.0.0.1:${port}/postgres`, pid: server.pid ?? 0, stop }
}

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/** PostgreSQL refuses to run as root: then it runs as the user Debian made for it, who must own its files. */
async function ownerOf(folder: string): Promise<Owner> {
  if (process.getuid?.() !== 0) return {}
  const idOf = async (which: string) => Number((await run('id', [which, 'postgres'])).stdout)
  const owner = { uid: await idOf('-u'), gid: await idOf('-g') }
  await chown(folder, owner.uid, owner.gid)
  return owner
}

async function answers(port: number, owner: Owner, alive: () => boolean): Promise<void> {
  const ready = () =>
    run(`${programs}/pg_isready`, ['-h', '127.0.0.1', '-p', String(port)], owner).then(
      () => true,
      () => false,
    )
  while (!(await ready())) {
    if (!alive()) throw new Error('PostgreSQL ended while it started')
    await sleep(25)
  }
}
