import type { Account, Replay } from '../core/account.ts'
import type { JournalEntry } from '../core/journal.ts'
import type { Rollout } from '../core/rollout.ts'
import { opinionText } from './opinion-text.ts'
import { paint } from './paint.ts'
import { duration, ledgerLine, p99Lines, stateOf, timeOf } from './words.ts'

type Recorded = Account['record'][number]

/** A rollout from its plan to its end: each decision at its time, with the numbers behind it. */
export function accountText(account: Account): string {
  const { rollout, journal, record } = account
  const told = [
    ...journal.map((entry, at) => lineOf(entry, rest(journal, at), account)),
    ...record.map((entry) => ({ atMs: entry.atMs, text: recordLine(entry) })),
  ]
  const timeline = told
    .filter(({ text }) => text !== '')
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, text }) => `${sinceBegin(rollout, atMs)}  ${text}`)
  return [...title(rollout), ...timeline, ...never(account), ...ending(rollout)].join('\n')
}

export function replayText({ looks, isWhole, before, now, isSame }: Replay): string {
  const verdict = isSame
    ? paint('green', 'the same opinion')
    : paint('yellow', before ? 'another opinion' : 'nothing to compare it with')
  return [
    `judged again, over ${looks} looks: ${verdict}`,
    `  then  ${before ? opinionText(before) : 'it said nothing'}`,
    `  now   ${opinionText(now)}`,
    ...(isWhole ? [] : ['  some looks were not kept, so the two may differ']),
  ].join('\n')
}

function title(rollout: Rollout): string[] {
  const { id, service, kind, plan, startedAtMs, by } = rollout
  const what = kind === 'rollback' ? 'rollback' : plan.strategy
  const from = plan.from === undefined ? '' : ` from ${plan.from}`
  return [
    paint('bold', `rollout ${id} of ${service}: ${what}${from} to ${plan.to}, ${stateOf(rollout)}`),
    `began ${timeOf(startedAtMs)}${by === undefined ? '' : `, asked by ${by}`}`,
  ]
}

interface Line {
  readonly atMs: number
  readonly text: string
}

/** A step that was done is one line: when it was done, and how long it took. */
function lineOf(entry: JournalEntry, later: readonly JournalEntry[], { steps }: Account): Line {
  const what = `${entry.step + 1} ${steps[entry.step] ?? ''}`
  const ends = later.find((each) => each.step === entry.step && each.mark !== 'paused')
  const took = ends === undefined ? '' : paint('dim', ` (${duration(ends.atMs - entry.atMs)})`)
  const { atMs } = entry
  switch (entry.mark) {
    case 'begun':
      return { atMs, text: `${ends?.mark === 'done' ? '✓' : '…'} ${what}${took}${noteOf(ends)}` }
    case 'undo-begun':
      return { atMs, text: `${ends?.mark === 'undone' ? '↺' : '…'} ${what}${took}` }
    case 'turned':
      return {
        atMs,
        text: paint('red', `✗ ${what}: ${entry.because.message} (${entry.because.code})`),
      }
    case 'paused':
      return { atMs, text: `‖ paused: ${entry.reason}` }
    case 'resumed':
      return { atMs, text: '▸ resumed' }
    case 'done':
    case 'undone':
      return { atMs, text: '' }
  }
}

function noteOf(ends: JournalEntry | undefined): string {
  return ends?.mark === 'done' && ends.note !== undefined ? `: ${ends.note}` : ''
}

function rest(journal: readonly JournalEntry[], at: number): readonly JournalEntry[] {
  return journal.slice(at + 1)
}

function recordLine(entry: Recorded): string {
  switch (entry.kind) {
    case 'judging':
      return `the judge compares ${entry.terms.candidate} with ${entry.terms.stable}${shownIn(entry)}`
    case 'judged':
      return `judge: ${opinionText(entry.opinion)}`
    case 'asked': {
      const why = entry.reason === undefined ? '' : `: ${entry.reason}`
      return `${entry.by ?? 'somebody'} said ${entry.verb}${why}`
    }
    case 'full':
      return paint(
        'yellow',
        `from here on ${entry.what === 'looks' ? 'what the judge saw' : 'the record'} was not kept`,
      )
  }
}

function shownIn({ shown }: Extract<Recorded, { kind: 'judging' }>): string {
  return shown === undefined
    ? ''
    : ` for a controller that took over, after the ${shown} looks of before`
}

function never({ rollout, journal, steps }: Account): string[] {
  const begun = new Set(journal.map(({ step }) => step))
  const state = rollout.state.phase === 'finished' ? 'never begun' : 'not yet begun'
  return steps.flatMap((what, step) =>
    begun.has(step) ? [] : [paint('dim', `         · ${step + 1} ${what} (${state})`)],
  )
}

function ending({ plan, state, startedAtMs, endedAtMs, ledger }: Rollout): string[] {
  if (state.phase !== 'finished') return ['it has not ended yet']
  const took = duration((endedAtMs ?? startedAtMs) - startedAtMs)
  const because = state.because
    ? [`because ${state.because.message}`, `  → ${state.because.hint}`]
    : []
  const counted = ledger ? [`ledger: ${ledgerLine(ledger)}`, ...p99Lines(ledger, plan)] : []
  return [paint('bold', `${state.outcome} after ${took}`), ...because, ...counted]
}

function sinceBegin({ startedAtMs }: Rollout, atMs: number): string {
  return paint('dim', `+${duration(Math.max(0, atMs - startedAtMs))}`.padStart(7))
}
