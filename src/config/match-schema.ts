import { RE2JS, RE2JSException } from 're2js'
import { z } from 'zod'
import type { Match } from '../core/rule.ts'

/** What a value may look like: `beta`, `beta*`, `~canary|preview`, or `*`. A number is text here. */
export const match: z.ZodType<Match, string> = z
  .string({ error: 'must be text such as beta, beta*, ~canary|preview or *' })
  .transform((written, context): Match => {
    const parsed = parseMatch(written)
    const fault = parsed.kind === 'pattern' ? patternFault(parsed.value) : undefined
    if (fault === undefined) return parsed
    context.addIssue(fault)
    return z.NEVER
  })
  .meta({ type: ['string', 'number', 'boolean'] })

function parseMatch(written: string): Match {
  if (written === '*') return { kind: 'present' }
  if (written.startsWith('~')) return { kind: 'pattern', value: written.slice(1) }
  if (written.endsWith('*')) return { kind: 'prefix', value: written.slice(0, -1) }
  return { kind: 'exact', value: written }
}

/** Read as the proxy reads it: RE2 takes no more time than the value is long, and so has no lookaround or backreference. */
function patternFault(pattern: string): string | undefined {
  if (pattern === '') return 'must have a regular expression after ~'
  try {
    RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
    return undefined
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    const reason = error.message.replace(/^error parsing regexp: /, '').replace(/: `.*$/s, '')
    return `must be a regular expression of RE2 after ~ (${reason})`
  }
}
