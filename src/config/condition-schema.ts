import { z } from 'zod'
import type { Condition, Match } from '../core/rule.ts'
import { addressRanges } from '../lib/address-ranges.ts'
import { isCountry } from './countries.ts'
import { TOKEN } from './key-schema.ts'
import { match } from './match-schema.ts'
import { oneOrMore } from './scalar-schema.ts'

const method = z
  .string({ error: 'must be a method such as GET' })
  .regex(/^[A-Z][A-Z-]*$/, { error: 'must be a method such as GET, in capitals' })
  .refine((word) => word !== 'CONNECT', { error: 'must be another method: CONNECT is refused' })

/** Addresses of clients or proxies: `10.0.0.0/8`, `2001:db8::/32`, or one address. */
export const addressRange: z.ZodType<string, string> = z
  .string({ error: 'must be an address range such as 10.0.0.0/8' })
  .refine(isRange, { error: 'must be an address range such as 10.0.0.0/8' })

/** What the path of a request can hold (RFC 9110 §4.2.3): its query, and what clients encode, is never in it. */
const IN_PATH = /^[\u0021-\u0022\u0024-\u003E\u0040-\u007E]+$/

const country = z
  .string({ error: 'must be a country such as DE' })
  .transform((code) => code.toUpperCase())
  .refine(isCountry, { error: 'must be a country of two letters such as DE (ISO 3166-1)' })

const user = z.string({ error: 'must be the name of a user' }).min(1, {
  error: 'must be the name of a user',
})

const path = match
  .refine((each) => !isText(each) || each.value.startsWith('/'), {
    error: 'must begin with /, or be a pattern such as ~^/beta',
    abort: true,
  })
  .refine((each) => !isText(each) || IN_PATH.test(each.value), {
    error: 'can never match: a path comes without ? and #, and what is not ASCII comes as %C3%BC',
  })

/** When a rule decides: all that stands there must be so. */
export const conditionSchema: z.ZodType<Condition> = z
  .strictObject(
    {
      header: matches(TOKEN, 'a field name such as x-beta')
        .describe('Fields of the request, by name')
        .meta({ examples: [{ 'user-agent': '~CanaryBot' }] }),
      cookie: matches(TOKEN, 'the name of a cookie')
        .describe('Cookies of the request, by name')
        .meta({ examples: [{ beta: '1' }] }),
      query: matches(/./, 'the name of a parameter')
        .describe('Parameters of the query, by name')
        .meta({ examples: [{ preview: '*' }] }),
      path: path
        .optional()
        .describe('The path, without its query')
        .meta({ examples: ['/beta/*'] }),
      method: oneOrMore(method, 'a method such as GET')
        .optional()
        .describe('The method, or a list of them')
        .meta({ examples: [['GET', 'HEAD']] }),
      client: oneOrMore(addressRange, 'an address range such as 10.0.0.0/8')
        .optional()
        .describe('The client’s address, or a range such as `10.0.0.0/8`, or a list of them')
        .meta({ examples: [['10.0.0.0/8']] }),
      country: oneOrMore(country, 'a country such as DE')
        .optional()
        .describe('The client’s country as two letters (ISO 3166-1), or a list of them')
        .meta({ examples: [['DE', 'AT']] }),
      user: oneOrMore(user, 'the name of a user')
        .optional()
        .describe('The user’s name, or a list of them; `user` at the top says where it stands')
        .meta({ examples: [['alice', '42']] }),
    },
    { error: 'must be a mapping such as { header: { x-beta: "1" } }' },
  )
  .refine((when) => Object.values(when).some((part) => part !== undefined), {
    error: 'must say at least one thing: without a condition it would match everything',
    // A key that is unknown was meant to say something.
    when: ({ issues }) => issues.length === 0,
  })
  .transform(({ header, cookie, query, path: at, method: methods, ...who }) => ({
    ...(header && { header: lowered(header) }),
    ...(cookie && { cookie }),
    ...(query && { query }),
    ...(at && { path: at }),
    ...(methods && { methods }),
    ...(who.client && { clients: who.client }),
    ...(who.country && { countries: who.country }),
    ...(who.user && { users: who.user }),
  }))

type Matches = Readonly<Record<string, Match>>

function matches(name: RegExp, what: string): z.ZodType<Matches | undefined> {
  const error = `must be a mapping of at least one name and value such as { x-beta: "1" }`
  return z
    .record(z.string().regex(name, { error: `must be ${what}` }), match, { error })
    .refine((each) => Object.keys(each).length > 0, { error })
    .refine((each) => Object.keys(lowered(each)).length === Object.keys(each).length, {
      error: 'must have each name once, in capitals or not',
    })
    .optional()
}

/** Field names know no case (RFC 9110 §5.1). Cookies and parameters do, so they are only looked at. */
function lowered(fields: Matches): Matches {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

function isText(each: Match): each is Extract<Match, { kind: 'exact' | 'prefix' }> {
  return each.kind === 'exact' || each.kind === 'prefix'
}

function isRange(text: string): boolean {
  try {
    addressRanges([text])
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
