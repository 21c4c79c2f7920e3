import type { RolloutEvent } from '../../core/event.ts'
import type { Rollout } from '../../core/rollout.ts'
import type { Load } from '../load.ts'
import { killController, killWorker } from './chaos.ts'
import { midflight } from './midflight.ts'
import type { Scene, SceneOutcome } from './scenes.ts'
import type { Workspace } from './workspace.ts'

/** How a scene ended, held against what the load saw meanwhile. */
export interface Played {
  readonly strategy: string
  readonly from: string
  readonly to: string
  readonly outcome: SceneOutcome | 'stuck'
  readonly failed: number
  readonly seconds: number
  readonly why?: string
}

/** Plays one scene under load, by the command line and nothing else. */
export async function play(scene: Scene, workspace: Workspace, load: Load): Promise<Played> {
  const mark = load.mark(scene.title)
  const began = performance.now()
  if (scene.version) await workspace.write(scene.version)
  let killing: Promise<void> | undefined
  const spoken = await midflight(workspace.folder, [scene.verb], (line) => {
    if (scene.kill && isWatched(line)) killing ??= kill(scene.kill, workspace, load)
  })
  await killing
  const last = spoken.lines.at(-1) as RolloutEvent | undefined
  if (last?.event !== 'finished')
    throw new Error(`${scene.verb} did not finish: ${spoken.errors || JSON.stringify(last)}`)
  const { plan, state } = last.rollout
  return {
    strategy: scene.verb === 'rollback' ? 'rollback' : plan.strategy,
    from: plan.from ?? '',
    to: plan.to,
    outcome: outcomeOf(scene, last.rollout),
    failed: load.countsSince(mark).failed,
    seconds: Number(((performance.now() - began) / 1_000).toFixed(1)),
    ...(state.phase === 'finished' && state.because && { why: state.because.message }),
  }
}

/** The middle of a rollout: its first traffic has moved, and the gate watches it. */
function isWatched(line: unknown): boolean {
  const event = line as Partial<Extract<RolloutEvent, { event: 'step' }>>
  return (
    event.event === 'step' && event.state === 'begun' && event.what?.startsWith('gate') === true
  )
}

async function kill(
  what: NonNullable<Scene['kill']>,
  workspace: Workspace,
  load: Load,
): Promise<void> {
  await (what === 'controller' ? killController(workspace) : killWorker(workspace, load))
}

/** A release that was taken back before any request met it was refused. */
function outcomeOf(scene: Scene, { state, plan, ledger }: Rollout): Played['outcome'] {
  if (state.phase !== 'finished') return 'stuck'
  switch (state.outcome) {
    case 'promoted':
      return scene.verb === 'rollback' ? 'rollback' : 'promoted'
    case 'undone':
      return ledger?.byRelease[plan.to] ? 'undone' : 'refused'
    case 'stuck':
      return 'stuck'
  }
}
