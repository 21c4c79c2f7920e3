import type { Plan } from '../core/plan.ts'
import type { Ledger, Rollout } from '../core/rollout.ts'

/** How numbers and ends are said to a person. */

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`
  const seconds = ms / 1_000
  if (seconds < 60) return `${seconds.toFixed(1)}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m${String(Math.floor(seconds % 60)).padStart(2, '0')}s`
  const hours = Math.floor(minutes / 60)
  return hours < 48
    ? `${hours}h${String(minutes % 60).padStart(2, '0')}m`
    : `${Math.floor(hours / 24)}d`
}

/** In UTC, to the second. */
export function timeOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

export function bytes(count: number): string {
  const mebibytes = count / (1024 * 1024)
  return mebibytes < 1024 ? `${mebibytes.toFixed(0)}MiB` : `${(mebibytes / 1024).toFixed(1)}GiB`
}

export function share(basisPoints: number): string {
  return `${basisPoints / 100}%`
}

export function number(count: number): string {
  return count.toLocaleString('en-US')
}

/** Where a rollout stands, in a word or two. */
export function stateOf(rollout: Rollout): string {
  const { state, plan } = rollout
  switch (state.phase) {
    case 'running':
      return `running, step ${state.step + 1} of ${plan.steps.length}`
    case 'paused':
      return `paused before step ${state.step + 1} of ${plan.steps.length}: ${state.reason}`
    case 'undoing':
      return `undoing, step ${state.step + 1}`
    case 'finished':
      return state.outcome
  }
}

/** Who waits because a person said so, and how it ends. */
export function heldLine(held: 'all' | 'writes'): string {
  const who = held === 'all' ? 'requests wait' : 'requests that may change something wait'
  return `held: ${who} until midflight release`
}

export function ledgerLine(ledger: Ledger): string {
  const releases = Object.entries(ledger.byRelease).map(
    ([release, { requests, errors }]) =>
      `${release} ${number(requests)}${errors > 0 ? ` (${number(errors)} errors)` : ''}`,
  )
  const who = releases.length > 0 ? ` (${releases.join(', ')})` : ''
  return `${number(ledger.requests)} requests met the rollout${who}: ${number(ledger.failed)} failed by Midflight, ${number(ledger.retried)} retried, ${number(ledger.held)} held`
}

/** `0 of 48,211 failed, p99 +3.1ms` */
export function ledgerInBrief(ledger: Ledger, plan: Pick<Plan, 'from' | 'to'>): string {
  const errors = Object.values(ledger.byRelease).reduce((sum, each) => sum + each.errors, 0)
  const failed = Math.max(errors, ledger.failed)
  const change = p99Change(ledger, plan)
  const slower = change ? `, p99 ${signed(change.after - change.before)}` : ''
  return `${number(failed)} of ${number(ledger.requests)} failed${slower}`
}

/** How fast answers began before and after, in a line; nothing where one of the two was not seen. */
export function p99Lines(ledger: Ledger, plan: Pick<Plan, 'from' | 'to'>): string[] {
  const change = p99Change(ledger, plan)
  if (!change) return []
  const { before, after } = change
  return [`p99: ${millis(before)} with ${plan.from}, ${millis(after)} with ${plan.to}`]
}

function p99Change(
  { byRelease }: Ledger,
  { from, to }: Pick<Plan, 'from' | 'to'>,
): { readonly before: number; readonly after: number } | undefined {
  const before = from === undefined ? undefined : byRelease[from]?.p99Ms
  const after = byRelease[to]?.p99Ms
  return before === undefined || after === undefined ? undefined : { before, after }
}

function signed(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${millis(Math.abs(ms))}`
}

function millis(ms: number): string {
  return ms < 100 ? `${ms.toFixed(1)}ms` : duration(ms)
}
