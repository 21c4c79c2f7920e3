import type { RolloutEvent, StepState } from '../core/event.ts'
import type { Rollout } from '../core/rollout.ts'
import type { Teller } from './teller.ts'
import { doubtLines } from './doubt-lines.ts'
import { oncePerEvent } from './once-per-event.ts'
import { paint } from './paint.ts'
import { statusLine } from './status-line.ts'
import { duration, ledgerLine } from './words.ts'

/** A rollout as a person reads it: one line a step, and on a terminal a moving line for the one that runs. */
export function textTeller(): Teller {
  const isNew = oncePerEvent()
  const line = statusLine()
  let failed: number | undefined
  return {
    tell: (event) => {
      if (!isNew(event)) return
      if (event.event === 'progress') return line.show(`    ${event.note}`)
      if (event.event === 'step' && event.state === 'begun') {
        failed = event.step
        return line.show(`  … ${event.step + 1} ${event.what}`)
      }
      for (const text of told(event, failed)) line.print(text)
    },
    away: () => {
      line.show('  the controller does not answer; traffic flows on, waiting for it')
    },
  }
}

function told(event: RolloutEvent, running: number | undefined): string[] {
  switch (event.event) {
    case 'planned':
      return planned(event.rollout, event.steps)
    case 'step':
      return stepLine(event)
    case 'turned':
      return [
        paint(
          'red',
          `  ✗ ${running === undefined ? '' : `${running + 1} `}${event.because.message}`,
        ),
        '    taking everything back:',
      ]
    case 'paused':
      return [paint('yellow', `  ‖ paused: ${event.reason} (midflight resume, promote or abort)`)]
    case 'resumed':
      return ['  ▸ resumed']
    case 'finished':
      return finished(event.rollout)
    case 'progress':
      return []
  }
}

function planned({ plan, kind }: Rollout, steps: readonly string[]): string[] {
  const from = plan.from === undefined ? 'first release' : `from ${plan.from}`
  const title = kind === 'rollback' ? `rollback to ${plan.to}` : `${plan.strategy} to ${plan.to}`
  const count = `${steps.length} step${steps.length === 1 ? '' : 's'}`
  return [
    paint('bold', `${plan.service}: ${title}, ${from}, ${count}`),
    ...(plan.doubts ?? []).flatMap(doubtLines),
  ]
}

const MARKS: Readonly<Record<StepState, string>> = {
  begun: '…',
  done: '✓',
  undoing: '…',
  undone: '↺',
}

function stepLine(event: Extract<RolloutEvent, { event: 'step' }>): string[] {
  if (event.state === 'undoing') return []
  const note = event.note === undefined ? '' : paint('dim', `   ${event.note}`)
  const mark = paint(event.state === 'done' ? 'green' : 'yellow', MARKS[event.state])
  return [`  ${mark} ${event.step + 1} ${event.what}${note}`]
}

function finished(rollout: Rollout): string[] {
  const { state, plan, startedAtMs, endedAtMs, ledger } = rollout
  if (state.phase !== 'finished') return []
  const took = duration((endedAtMs ?? startedAtMs) - startedAtMs)
  const ending = {
    promoted: paint('green', `promoted: ${plan.to} is live, after ${took}`),
    undone: paint('yellow', `undone: ${whoServes(plan.from)}, after ${took}`),
    stuck: paint('red', `stuck after ${took}: it could not be taken back by itself`),
  }[state.outcome]
  const why = state.because
    ? [`problem ${state.because.code}`, `  ${state.because.message}`, `  → ${state.because.hint}`]
    : []
  return [ending, ...(ledger ? [paint('dim', `ledger: ${ledgerLine(ledger)}`)] : []), ...why]
}

function whoServes(from: string | undefined): string {
  return from === undefined ? 'nothing was released' : `${from} serves as before`
}
