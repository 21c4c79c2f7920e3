import { Problem } from './problem.ts'
import type { RolloutId } from './rollout.ts'

/** The journal speaks of what this version does not know: to guess would move traffic where nobody meant it. */
export function newerJournal(rollout: RolloutId, unknown: string): Problem {
  return new Problem('journal-newer', {
    message: `rollout ${rollout} was begun by a newer Midflight: this one knows no ${unknown}`,
    hint: 'Start the newer version again, it goes on by itself: midflight up. Until then traffic and instances stay as they are.',
    data: { rollout, unknown },
  })
}
