import type { Doubt } from '../core/doubt.ts'
import { paint } from './paint.ts'

const MARKS = { error: paint('red', '✗'), warn: paint('yellow', '!') }

/** A doubt as a person reads it: what is so, what it means, what to do. */
export function doubtLines({ check, level, what, why, hint }: Doubt): readonly string[] {
  return [`  ${MARKS[level]} ${check}: ${what}`, `      ${why}`, `      → ${hint}`]
}
