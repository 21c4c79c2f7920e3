import type { JournalEntry } from '../../core/journal.ts'
import type { Letter, Notice } from '../../core/notifier.ts'
import type { NotifySpec, Occasion } from '../../core/notify-spec.ts'
import type { Rollout } from '../../core/rollout.ts'

/** All that is to be told of a rollout so far, to whom. Asked again it gives the same and what came since. */
export function lettersOf(
  rollout: Rollout,
  journal: readonly JournalEntry[],
  specs: readonly NotifySpec[],
): readonly Letter[] {
  const told = notices(rollout, journal)
  return specs.flatMap((spec, index) =>
    told
      .filter(({ occasion }) => spec.on.includes(occasion))
      .flatMap((notice) =>
        eachOf(spec).map(({ name, spec: one }) => ({
          name: [index, notice.id, ...name].join(' '),
          spec: one,
          notice,
        })),
      ),
  )
}

/** A mail for each person: one whose mailbox is full is tried again without the others. */
function eachOf(spec: NotifySpec): readonly { name: readonly string[]; spec: NotifySpec }[] {
  if (spec.by !== 'email') return [{ name: [], spec }]
  return spec.to.map((address) => ({ name: [address], spec: { ...spec, to: [address] } }))
}

function notices(rollout: Rollout, journal: readonly JournalEntry[]): readonly Notice[] {
  const pauses = journal.flatMap((entry) => {
    if (entry.mark !== 'paused') return []
    const text = `${titleOf(rollout)} pauses: ${entry.reason}. It goes on with midflight resume, or ends with midflight abort.`
    return [notice(rollout, 'paused', { atMs: entry.atMs, text, number: entry.seq })]
  })
  const begun = notice(rollout, 'begun', {
    atMs: rollout.startedAtMs,
    text: `${titleOf(rollout)} has begun${rollout.by === undefined ? '' : `, asked by ${rollout.by}`}.`,
  })
  return [begun, ...pauses, ...ending(rollout)]
}

function ending(rollout: Rollout): readonly Notice[] {
  const { state, endedAtMs, ledger, startedAtMs } = rollout
  if (state.phase !== 'finished') return []
  const { because, outcome } = state
  const atMs = endedAtMs ?? startedAtMs
  const why = because ? ` ${because.message}. ${because.hint}` : ''
  const text = `${titleOf(rollout)} ${endOf(rollout, outcome)} after ${seconds(atMs - startedAtMs)}.${cost(rollout)}${why}`
  const told = because && {
    because: { code: because.code, message: because.message, hint: because.hint },
  }
  return [{ ...notice(rollout, outcome, { atMs, text }), ...told, ...(ledger && { ledger }) }]
}

interface Told {
  readonly atMs: number
  readonly text: string
  /** Where one occasion may come more than once. */
  readonly number?: number
}

function notice(rollout: Rollout, occasion: Occasion, { atMs, text, number }: Told): Notice {
  const { id, service, kind, plan, by } = rollout
  return {
    id: [service, id, occasion, ...(number === undefined ? [] : [number])].join('-'),
    occasion,
    atMs,
    service,
    rollout: id,
    kind,
    ...(plan.from !== undefined && { from: plan.from }),
    to: plan.to,
    ...(by !== undefined && { by }),
    text,
  }
}

function titleOf({ id, service, kind, plan }: Rollout): string {
  return `${service}: ${kind === 'rollback' ? 'rollback' : 'rollout'} ${id} to ${plan.to}`
}

function endOf({ plan }: Rollout, outcome: 'promoted' | 'undone' | 'stuck'): string {
  switch (outcome) {
    case 'promoted':
      return `is promoted: ${plan.to} is live`
    case 'undone':
      return `was taken back: ${plan.from === undefined ? 'nothing is released' : `${plan.from} serves as before`}`
    case 'stuck':
      return 'is stuck: it could not be taken back by itself'
  }
}

function cost({ ledger }: Rollout): string {
  if (!ledger) return ''
  const errors = Object.values(ledger.byRelease).reduce((sum, each) => sum + each.errors, 0)
  return ` ${Math.max(errors, ledger.failed)} of ${ledger.requests} requests failed.`
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
