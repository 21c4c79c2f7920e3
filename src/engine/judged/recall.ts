import type { JudgeTerms, Judging, Look, Opinion } from '../../core/judge.ts'
import type { RecordedEntry } from '../../core/record.ts'
import type { RolloutId } from '../../core/rollout.ts'
import type { Tools } from '../tools.ts'

/** A judge that has seen again what the record has, and what the record says beside. */
export interface Recalled {
  readonly judging: Judging
  readonly terms: JudgeTerms
  readonly looks: number
  readonly last: Look
  /** What the judge of then said last; unset where it said nothing yet. */
  readonly before?: Opinion
  /** Nothing is missing up to the last look. */
  readonly isWhole: boolean
}

type Seeing = { -readonly [Key in keyof Omit<Recalled, 'last'>]: Recalled[Key] } & { last?: Look }

/**
 * Shows a new judge all that the judges of a rollout were shown, by the terms of then, or by `terms` where the record does
 * not say. `undefined` where nothing was shown to any. Rejects as `Records.pages` does.
 */
export async function recall(
  { records, judge }: Pick<Tools, 'records' | 'judge'>,
  rollout: RolloutId,
  terms: JudgeTerms,
): Promise<Recalled | undefined> {
  const begun = (by: JudgeTerms): Seeing => ({
    judging: judge(by),
    terms: by,
    looks: 0,
    isWhole: true,
  })
  let seeing = begun(terms)
  for await (const page of records.pages(rollout))
    for (const entry of page) {
      if (entry.kind === 'judging' && entry.shown === undefined) seeing = begun(entry.terms)
      else see(seeing, entry)
    }
  const { last, ...rest } = seeing
  return last && { ...rest, last }
}

function see(seeing: Seeing, entry: RecordedEntry): void {
  if (entry.kind === 'full') seeing.isWhole = false
  if (entry.kind === 'judged') seeing.before = entry.opinion
  if (entry.kind !== 'looks') return
  for (const look of entry.looks) {
    seeing.judging.see(look)
    seeing.looks += 1
    seeing.last = look
  }
}
