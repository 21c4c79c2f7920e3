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
