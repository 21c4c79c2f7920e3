import { demoMix } from '../demo-mix.ts'
import { judge, type ProofReport } from '../judge.ts'
import { startLoad } from '../load.ts'
import { readLedger } from '../read-ledger.ts'
import { leftovers } from './leftovers.ts'
import { midflight } from './midflight.ts'
import { play, type Played } from './play.ts'
import { FIRST, type Scene, SCENES } from './scenes.ts'
import { makeWorkspace, type Workspace } from './workspace.ts'

const PER_SECOND = 450
const AT_LEAST = 20_000

export interface DemoResult {
  readonly proof: ProofReport
  readonly played: readonly Played[]
  /** Processes that were still there after `midflight down`. */
  readonly leftovers: readonly string[]
}

/** Hears what goes on. */
export interface Audience {
  begins(scene: string): void
  ended(played: Played): void
}

/** Releases a real service six times under real load, breaks what it can meanwhile, and accounts for every request. */
export async function demo(audience: Audience): Promise<DemoResult> {
  const workspace = await makeWorkspace()
  try {
    await workspace.write(FIRST)
    audience.begins('the service starts: 2 instances of v1')
    await must(midflight(workspace.folder, ['up', '--detach']))
    const result = await perform(workspace, audience)
    return result
  } finally {
    await midflight(workspace.folder, ['down'])
    await workspace.remove()
  }
}

async function perform(workspace: Workspace, audience: Audience): Promise<DemoResult> {
  const load = startLoad(workspace.listen, {
    mix: demoMix({ perSecond: PER_SECOND, run: `demo-${process.pid}` }),
    appMarks: 'always',
  })
  const played: Played[] = []
  try {
    for (const scene of SCENES) {
      audience.begins(scene.title)
      const one = await play(scene, workspace, load)
      played.push(one)
      audience.ended(one)
    }
    audience.begins(`the load goes on until ${AT_LEAST} requests were sent`)
    await enough(load)
  } finally {
    await load.stop()
  }
  const proof = judge(await load.done, await readLedger(workspace.ledger))
  await must(midflight(workspace.folder, ['down']))
  return { proof, played, leftovers: leftovers(workspace.folder) }
}

/** A fast machine may be through before the load has proven enough. */
async function enough(load: ReturnType<typeof startLoad>): Promise<void> {
  while (load.countsSince().requests < AT_LEAST)
    await new Promise((resolve) => setTimeout(resolve, 200))
}

async function must(speaking: ReturnType<typeof midflight>): Promise<void> {
  const { exitStatus, errors, lines } = await speaking
  if (exitStatus !== 0) throw new Error(errors || JSON.stringify(lines.at(-1)))
}

/** Everything that is not as it must be, in words; nothing when the demo has proven its point. */
export function faultsOf(
  { proof, played, leftovers: left }: DemoResult,
  scenes: readonly Scene[] = SCENES,
): string[] {
  const faults: string[] = []
  const expect = (isTrue: boolean, fault: string) => {
    if (!isTrue) faults.push(fault)
  }
  expect(proof.requests >= AT_LEAST, `only ${proof.requests} requests were sent`)
  expect(proof.failed === 0, `${proof.failed} requests failed`)
  expect(proof.resets === 0, `${proof.resets} connections were reset`)
  expect(proof.lost.length === 0, `${proof.lost.length} answered ids were never executed`)
  expect(
    proof.duplicated.length === 0,
    `${proof.duplicated.length} ids were executed more than once`,
  )
  expect(proof.corrupted.length === 0, `${proof.corrupted.length} uploads were changed`)
  expect(proof.websockets.cut === 0, `${proof.websockets.cut} WebSockets were cut`)
  expect(proof.websockets.opened > 0, 'no WebSocket was opened')
  const others = Object.keys(proof.bad).filter((version) => version !== 'v6')
  expect(others.length === 0, `errors were answered by ${others.join(', ')}`)
  expect(left.length === 0, `processes were left: ${left.join('; ')}`)
  for (const [index, scene] of scenes.entries()) {
    const outcome = played[index]?.outcome
    expect(outcome === scene.outcome, `"${scene.title}" ended ${outcome}, not ${scene.outcome}`)
  }
  return faults
}
