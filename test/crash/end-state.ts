import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import type { Status } from '../../src/api/contract.ts'
import { ownPids } from '../../src/cli/own-pids.ts'
import type { Rollout } from '../../src/core/rollout.ts'
import type { Traffic } from '../../src/core/traffic.ts'
import { leftovers } from '../../src/prove/demo/leftovers.ts'
import { instanceRecords } from '../support/instance-records.ts'
import type { Lane } from './lane.ts'

/** All that is the same wherever a rollout was disturbed; releases are named by their part in it. */
export interface EndState {
  readonly live: string | undefined
  readonly warm: string | undefined
  readonly outcome: string | undefined
  readonly weights: Readonly<Record<string, number>>
  readonly roles: Readonly<Record<string, string>>
  /** As the proxy has them. */
  readonly members: readonly string[]
  /** As the runtime finds them. */
  readonly instances: readonly string[]
  /** While a record is there, a port is taken. */
  readonly records: readonly string[]
  /** Processes of this service that nothing knows. */
  readonly orphans: readonly string[]
  /** What the store holds as begun and not ended. */
  readonly open: number
}

export async function endStateOf(lane: Lane): Promise<EndState> {
  const status = await lane.status()
  const { route } = await lane.call<Traffic>('traffic')
  const { rollout } = status
  const partOf = partsOf(rollout)
  const named = (id: string) => id.replace(/(?<=^demo\.)[^.]+/, partOf)
  return {
    live: status.live && partOf(status.live),
    warm: status.warm && partOf(status.warm.release),
    outcome: rollout?.state.phase === 'finished' ? rollout.state.outcome : rollout?.state.phase,
    weights: Object.fromEntries(
      Object.entries(route.weights).map(([release, share]) => [partOf(release), share]),
    ),
    roles: Object.fromEntries(
      Object.entries(route.roles ?? {}).map(([role, release]) => [role, partOf(release)]),
    ),
    members: route.instances.map(({ id, state }) => `${named(id)} ${state}`).toSorted(),
    instances: status.instances
      .map(({ id, state, route: member, health }) =>
        [named(id), state.kind, member, health].join(' '),
      )
      .toSorted(),
    records: await recordsOf(lane, named),
    orphans: await orphansOf(lane, status),
    open: openIn(lane.stateDirectory),
  }
}

/** The part of a release in this rollout: `old`, `new`, or its own name. */
export function partsOf(rollout: Rollout | undefined): (release: string) => string {
  const { from, to } = rollout?.plan ?? {}
  return (release) => (release === to ? 'new' : release === from ? 'old' : release)
}

/** How the process before ended may still be written down beside the record of an instance; never without one. */
async function recordsOf(lane: Lane, named: (id: string) => string): Promise<string[]> {
  const files = await instanceRecords(lane.stateDirectory)
  const isBeside = (file: string) => files.includes(file.replace(/\.exit$/, '.json'))
  return files
    .filter((file) => !file.endsWith('.exit') || !isBeside(file))
    .map(named)
    .toSorted()
}

async function orphansOf(lane: Lane, { instances }: Status): Promise<string[]> {
  const { pid } = await lane.call<{ readonly pid: number }>()
  const known = [
    pid,
    ...(await ownPids(lane.stateDirectory)),
    ...instances.map(({ state }) => (state.kind === 'running' ? state.pid : 0)),
  ]
  return leftovers(lane.folder).filter((each) => !known.includes(Number.parseInt(each, 10)))
}

function openIn(stateDirectory: string): number {
  const database = new DatabaseSync(join(stateDirectory, 'state.db'), { readOnly: true })
  try {
    const row = database.prepare('select count(*) as n from rollouts where ended_at is null').get()
    return Number(row?.['n'])
  } finally {
    database.close()
  }
}
