import { mark } from './mark.ts'
import type { Work } from './work.ts'

/** Waits while the rollout is paused; a pause outlives a crash. Rejects when this controller ends meanwhile. */
export async function rest(work: Work, step: number): Promise<void> {
  const { controls } = work
  const reason = controls.pausedFor
  if (reason !== undefined) {
    await mark(work, { mark: 'paused', step, reason })
    work.emit({ event: 'paused', reason })
    await controls.whilePaused()
    controls.halted.throwIfAborted()
    await mark(work, { mark: 'resumed', step })
    work.emit({ event: 'resumed' })
  }
  controls.halted.throwIfAborted()
}
