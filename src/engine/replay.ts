import type { Replay } from '../core/account.ts'
import type { JudgeTerms, Opinion } from '../core/judge.ts'
import { Problem } from '../core/problem.ts'
import type { RecordedEntry } from '../core/record.ts'
import type { Rollout, RolloutId } from '../core/rollout.ts'
import { isCompared } from './judged.ts'
import { readRollout } from './read-rollout.ts'
import type { Tools } from './tools.ts'

type Needed = Pick<Tools, 'rollouts' | 'records' | 'judge'>

/**
 * Judges a rollout again, from what the judge was shown. After a controller died, the judge that the next one began counts.
 * Rejects with `rollout-unknown`, and with `rollout-unjudged` where nothing was shown or nothing is kept of it.
 */
export async function replay(tools: Needed, id: RolloutId): Promise<Replay> {
  const rollout = await readRollout(tools, id)
  const entries = sinceItBegan(await tools.records.read(id))
  const looks = entries.flatMap((entry) => (entry.kind === 'looks' ? entry.looks : []))
  const terms = termsIn(entries, rollout)
  if (!terms || looks.length === 0) throw unjudged(rollout)

  const judging = tools.judge(terms)
  for (const look of looks) judging.see(look)
  const before = entries.findLast((entry) => entry.kind === 'judged')?.opinion
  const now = judging.opinion
  return {
    looks: looks.length,
    isWhole: !entries.some((entry) => entry.kind === 'full'),
    ...(before && { before }),
    now,
    isSame: before !== undefined && reasonOf(before) === reasonOf(now),
  }
}

function sinceItBegan(entries: readonly RecordedEntry[]): readonly RecordedEntry[] {
  return entries.slice(
    Math.max(
      0,
      entries.findLastIndex(({ kind }) => kind === 'judging'),
    ),
  )
}

function termsIn(entries: readonly RecordedEntry[], { plan }: Rollout): JudgeTerms | undefined {
  const begun = entries.find((entry) => entry.kind === 'judging')
  if (begun) return begun.terms
  return isCompared(plan) ? { spec: plan.judge, candidate: plan.to, stable: plan.from } : undefined
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
