import { inspect } from '../config/inspect.ts'
import { type Finding, fine } from '../config/inspections/finding.ts'
import type { Doubt } from '../core/doubt.ts'
import type { ServiceSpec } from '../core/service.ts'
import { ownPids } from './own-pids.ts'
import { paint } from './paint.ts'
import { type Common, stateDirectory } from './where.ts'

/** What can be seen of a service without starting anything; `file` is its midflight.yaml. */
export async function lookAt(
  spec: ServiceSpec,
  file: string,
  common: Common,
): Promise<readonly Finding[]> {
  const state = stateDirectory(common)
  const path = process.env['PATH'] ?? ''
  return inspect(spec, { file, state, path, ownPids: await ownPids(state) })
}

/** What the preflight has found, in the words of a check. */
export function findingsOf(doubts: readonly Doubt[]): readonly Finding[] {
  if (doubts.length === 0)
    return [fine('preflight', 'the preflight has no doubts', 'an instance was tried and ended')]
  return doubts.map(findingOf)
}

export function findingOf({ check: code, level, what, why, hint }: Doubt): Finding {
  return { code, level: level === 'warn' ? 'warning' : 'error', what, why, hint }
}

export function errorsIn(findings: readonly Finding[]): number {
  return findings.filter(({ level }) => level === 'error').length
}

const MARKS = { ok: paint('green', '✓'), warning: paint('yellow', '!'), error: paint('red', '✗') }

/** A finding as a person reads it. */
export function findingText({ level, what, why, hint }: Finding): string {
  if (level === 'ok') return `  ${MARKS.ok} ${what}: ${why}`
  return `  ${MARKS[level]} ${what}\n      ${why}${hint === '' ? '' : `\n      → ${hint}`}`
}
