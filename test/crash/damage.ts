import { appendFile, readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { apiClient } from '../../src/api/client.ts'
import { ownPids } from '../../src/cli/own-pids.ts'
import type { RolloutEvent } from '../../src/core/event.ts'
import type { Load } from '../../src/prove/load.ts'
import { getJson } from '../../src/lib/get-json.ts'
import type { ProxyStatus } from '../../src/proxy/proxy-status.ts'
import { readOnlyDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'
import type { Lane } from './lane.ts'
import { killWorker, slay } from './blows.ts'

const LONGEST_MS = 120_000

/** The last transaction did not come to the disk whole; the controller is gone. */
export async function tearStore({ stateDirectory }: Lane): Promise<void> {
  const log = join(stateDirectory, 'state.db-wal')
  const { size } = await stat(log)
  if (size > 0) await truncate(log, size - 100)
}

/** The whole proxy was killed in the middle of writing a change of its routes. Resolves with the version that it had. */
export async function tearSnapshot(lane: Lane, load: Load): Promise<number> {
  const version = await versionOf(lane)
  const [supervisor, ...workers] = await ownPids(lane.stateDirectory)
  if (supervisor === undefined) throw new Error('no proxy runs whose routes could be torn')
  await Promise.all([
    slay(supervisor),
    ...workers.map(async (worker) => killWorker(worker, lane, load)),
  ])
  const journal = join(lane.stateDirectory, 'proxy', 'snapshot.journal')
  const last = (await readFile(journal)).toString('latin1').trimEnd().split('\n').at(-1) ?? ''
  await appendFile(journal, last.slice(0, last.length / 2), 'latin1')
  return version
}

/** Of the routes that the proxy has; it only grows. */
export async function versionOf({ stateDirectory }: Lane): Promise<number> {
  const status = await getJson(join(stateDirectory, 'proxy', 'control.sock'), '/status')
  return (status as ProxyStatus).version
}

/** Nothing new can be written below the state directory; a controller must say so instead of beginning. */
export async function refuseReadOnly(lane: Lane): Promise<void> {
  const disk = readOnlyDisk(lane.stateDirectory)
  try {
    const said = await lane.refusal()
    if (!said.includes('state-unreadable')) throw new Error(`on a read-only disk it said: ${said}`)
  } finally {
    disk.remove()
  }
}

/** Resolves when the rollout has met the full disk, or goes no further for it. */
export async function trouble(lane: Lane, rollout: number): Promise<void> {
  const isTurned = async () => (await lane.lastRollout())?.state.phase !== 'running'
  await Promise.race([retry(lane, rollout), until(isTurned, (is) => is, LONGEST_MS)])
}

async function retry({ stateDirectory }: Lane, rollout: number): Promise<void> {
  const client = apiClient({ socketPath: join(stateDirectory, 'api.sock') })
  for await (const event of client.stream<RolloutEvent>(`/v1/rollouts/${rollout}/events`))
    if (event.event === 'progress' && event.note.includes('tried again')) return
}
