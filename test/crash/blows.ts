import { ownPids } from '../../src/cli/own-pids.ts'
import { identify, untilGone } from '../../src/lib/process-identity.ts'
import { connectionsOf } from '../../src/prove/connections-of.ts'
import type { Load } from '../../src/prove/load.ts'
import { partsOf } from './end-state.ts'
import type { Lane } from './lane.ts'

/** Who is killed. Of the workers and the instances, each in its turn. */
type Process = 'supervisor' | 'worker' | 'old instance' | 'new instance'

/** What befalls a rollout; after the controller's death, what it had written may be found damaged. */
export type Blow = Process | 'controller' | 'torn store' | 'torn routes' | 'read-only' | 'disk full'

export const BLOWS: readonly Blow[] = [
  'controller',
  'supervisor',
  'worker',
  'old instance',
  'new instance',
  'torn store',
  'torn routes',
  'read-only',
  'disk full',
]

/** Kills one of them with SIGKILL. Resolves when it is gone. */
export async function kill(victim: Process, turn: number, lane: Lane, load: Load): Promise<void> {
  const [supervisor, ...workers] = await ownPids(lane.stateDirectory)
  if (victim === 'worker') return killWorker(inTurn(workers, turn), lane, load)
  const isSupervisor = victim === 'supervisor' && supervisor !== undefined
  await slay(isSupervisor ? supervisor : await instance(victim, turn, lane))
}

/** On a busy machine a killed process is seen running for a while: who looks then would find everything as it should be. */
export async function slay(pid: number): Promise<void> {
  const victim = identify(pid)
  process.kill(pid, 'SIGKILL')
  if (victim) await untilGone(victim)
}

/** What it carries breaks with it, so that is announced; it is stopped first, so that it takes nothing more. */
export async function killWorker(pid: number, lane: Lane, load: Load): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  load.sever(await connectionsOf(pid, lane.workspace.listen.port))
  await slay(pid)
}

async function instance(victim: Process, turn: number, lane: Lane): Promise<number> {
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
