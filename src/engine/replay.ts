import type { Replay } from '../core/account.ts'
import type { Opinion } from '../core/judge.ts'
import { Problem } from '../core/problem.ts'
import type { Rollout, RolloutId } from '../core/rollout.ts'
import { isCompared, termsOf } from './judged/judged.ts'
import { readRollout } from './read-rollout.ts'
import { recall } from './judged/recall.ts'
import type { Tools } from './tools.ts'

type Needed = Pick<Tools, 'rollouts' | 'records' | 'judge'>

/**
 * Judges a rollout again, from all that its judges were shown, whichever controller they were of. Rejects with
 * `rollout-unknown`, and with `rollout-unjudged` where nothing was shown or nothing is kept of it.
 */
export async function replay(tools: Needed, id: RolloutId): Promise<Replay> {
  const rollout = await readRollout(tools, id)
  if (!isCompared(rollout.plan)) throw unjudged(rollout)
  const recalled = await recall(tools, id, termsOf(rollout.plan))
  if (!recalled) throw unjudged(rollout)

  const { judging, looks, isWhole, before } = recalled
  const now = judging.opinion
  return {
    looks,
    isWhole,
    ...(before && { before }),
    now,
    isSame: before !== undefined && reasonOf(before) === reasonOf(now),
  }
}

/** Numbers go on while nothing is decided anew; a verdict and what it rests on are the opinion. */
function reasonOf(opinion: Opinion): string {
  if (opinion.verdict !== 'bad') return opinion.verdict
  const { grounds } = opinion
  return `${opinion.verdict} ${grounds.metric} ${'path' in grounds ? grounds.path : ''}`
}

function unjudged({ id, plan }: Rollout): Problem {
  return new Problem('rollout-unjudged', {
    message: `of rollout ${id} to ${plan.to} nothing is kept that the judge could be shown again`,
    hint: 'It had no judge (rollout.judge: false, or a first release), or ten newer rollouts came since. What was decided: midflight why.',
    data: { rollout: id },
  })
}
