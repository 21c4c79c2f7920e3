import { ownPids } from '../../src/cli/own-pids.ts'
import { connectionsOf } from '../../src/prove/connections-of.ts'
import type { Load } from '../../src/prove/load.ts'
import { partsOf } from './end-state.ts'
import type { Lane } from './lane.ts'

/** Who is killed. Of the workers and the instances, each in its turn. */
export type Victim = 'controller' | 'supervisor' | 'worker' | 'old instance' | 'new instance'

export const VICTIMS: readonly Victim[] = [
  'controller',
  'supervisor',
  'worker',
  'old instance',
  'new instance',
]

/** Kills one of them with SIGKILL; the controller does that itself. */
export async function kill(
  victim: Exclude<Victim, 'controller'>,
  turn: number,
  lane: Lane,
  load: Load,
): Promise<void> {
  if (victim === 'worker') return killWorker(turn, lane, load)
  const pid = victim === 'supervisor' ? await supervisor(lane) : await instance(victim, turn, lane)
  process.kill(pid, 'SIGKILL')
}

/** What it carries breaks with it, so that is announced; it is stopped first, so that it takes nothing more. */
async function killWorker(turn: number, lane: Lane, load: Load): Promise<void> {
  const [, ...workers] = await ownPids(lane.stateDirectory)
  const pid = inTurn(workers, turn)
  process.kill(pid, 'SIGSTOP')
  load.sever(await connectionsOf(pid, lane.workspace.listen.port))
  process.kill(pid, 'SIGKILL')
}

async function supervisor(lane: Lane): Promise<number> {
  return inTurn((await ownPids(lane.stateDirectory)).slice(0, 1), 0)
}

async function instance(victim: Victim, turn: number, lane: Lane): Promise<number> {
  const { instances, rollout } = await lane.status()
  const partOf = partsOf(rollout)
  const pids = instances.flatMap(({ release, state }) =>
    state.kind === 'running' && `${partOf(release)} instance` === victim ? [state.pid] : [],
  )
  return inTurn(pids, turn)
}

function inTurn(pids: readonly number[], turn: number): number {
  const pid = pids[turn % pids.length]
  if (pid === undefined) throw new Error('there is nobody to be killed')
  return pid
}
