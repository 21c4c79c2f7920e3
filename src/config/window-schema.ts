import { z } from 'zod'
import type { Freeze, TimeWindow } from '../core/gate.ts'
import { text } from './scalar-schema.ts'

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const LAST_MINUTE = 24 * 60

const zone = z
  .string({ error: 'must be a time zone such as Europe/Berlin' })
  .refine(isZone, { error: 'must be a time zone such as Europe/Berlin' })
  .default('UTC')
  .describe('The time zone it is meant in (IANA)')
  .meta({ examples: ['Europe/Berlin'] })

const days = read(daysIn, 'must be days such as mon-thu or mon,wed,fri')

const time = read(minuteIn, 'must be a time such as 09:00, from 00:00 to 24:00')

const date = read(dateIn, 'must be a day such as 2026-12-20')

/** A part of each week. */
export const window: z.ZodType<TimeWindow> = z
  .strictObject({
    days: days
      .prefault('sun-sat')
      .describe('Days of the week: `mon-thu`, or `mon,wed,fri`')
      .meta({ examples: ['mon-thu'] }),
    from: time.describe('When it begins').meta({ examples: ['09:00'] }),
    to: time.describe('When it ends; before `from`: on the next day').meta({ examples: ['16:00'] }),
    zone,
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'must be another time than from' })

/** Days from the first minute of one to the last of another. */
export const freeze: z.ZodType<Freeze> = z
  .strictObject({
    from: date.describe('The first day').meta({ examples: ['2026-12-20'] }),
    to: date.describe('The last day').meta({ examples: ['2027-01-02'] }),
    zone,
    why: text('a reason').optional().describe('The reason, for whoever has to wait'),
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: 'must not be before from' })
  .transform(({ why, ...rest }) => ({ ...rest, ...(why !== undefined && { why }) }))

function read<T>(parse: (text: string) => T | undefined, error: string): z.ZodType<T, string> {
  return z.string({ error }).transform((written, context) => {
    const value = parse(written.trim().toLowerCase())
    if (value !== undefined) return value
    context.addIssue(error)
    return z.NEVER
  })
}

/** `fri-mon` goes over the end of the week. */
function daysIn(written: string): number[] | undefined {
  const found = new Set<number>()
  for (const part of written.split(',')) {
    const [first = '', last = first, ...rest] = part.trim().split('-')
    const [from, to] = [DAYS.indexOf(first.trim()), DAYS.indexOf(last.trim())]
    if (from < 0 || to < 0 || rest.length > 0) return undefined
    for (let day = from; ; day = (day + 1) % 7) {
      found.add(day)
      if (day === to) break
    }
  }
  return [...found].toSorted((a, b) => a - b)
}

function minuteIn(written: string): number | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(written) ?? []
  const sum = Number(hour) * 60 + Number(minute)
  return Number(minute) < 60 && sum <= LAST_MINUTE ? sum : undefined
}

function dateIn(written: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(written)) return undefined
  const day = new Date(`${written}T00:00:00Z`)
  // A 31st of February would become a day in March.
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(written)
  return isDay ? written : undefined
}

function isZone(written: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: written }).format(0) !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
