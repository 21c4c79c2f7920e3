import { z } from 'zod'
import type { StickyKey } from '../core/rule.ts'

/** A `token` of RFC 9110 §5.6.2: the name of a field, or of a cookie (RFC 6265 §4.1.1). */
export const TOKEN: RegExp = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/

/** How each kind of key is written. */
const WRITTEN: Readonly<Record<StickyKey['kind'], string>> = {
  cookie: 'cookie',
  'application-cookie': 'cookie:session',
  header: 'header:x-user-id',
  address: 'ip',
}

/** What tells one client or user from the next, where only these kinds make sense. */
export function key(kinds: readonly StickyKey['kind'][]): z.ZodType<StickyKey, string> {
  const forms = kinds.map((kind) => WRITTEN[kind])
  const error = `must be ${forms.slice(0, -1).join(', ')} or ${forms.at(-1) ?? ''}`
  return z.string({ error }).transform((written, context): StickyKey => {
    const parsed = parseKey(written)
    if (parsed && kinds.includes(parsed.kind)) return parsed
    context.addIssue(error)
    return z.NEVER
  })
}

function parseKey(written: string): StickyKey | undefined {
  if (written === 'cookie') return { kind: 'cookie' }
  if (written === 'ip') return { kind: 'address' }
  const [, where, name = ''] = /^(header|cookie):(.*)$/.exec(written) ?? []
  if (!TOKEN.test(name)) return undefined
  if (where === 'cookie') return { kind: 'application-cookie', name }
  return { kind: 'header', name: name.toLowerCase() }
}
