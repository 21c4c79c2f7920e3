import { z } from 'zod'
import { formatDuration, LONGEST_MS, parseDuration } from './duration.ts'
import { formatShare, parseShare } from './share.ts'
import { formatSize, parseSize } from './size.ts'

/** Bounds in the unit that the schema gives out: milliseconds, basis points, bytes, or just a number. */
interface Bounds {
  readonly from: number
  readonly to: number
}

/** A user's `30s`, given out in milliseconds. Every message says what is right, and the reader adds what is there. */
export type ScalarSchema = z.ZodType<number, string>

export function duration(bounds: Partial<Bounds> = {}): ScalarSchema {
  const { from, to } = { from: 0, to: LONGEST_MS, ...bounds }
  const range = `from ${formatDuration(from)} to ${formatDuration(to)}`
  return scalar(parseDuration, { from, to }, `must be a duration such as 30s, ${range}`)
}

/** A user's `5%`, given out in basis points. */
export function share(bounds: Bounds): ScalarSchema {
  const range = `from ${formatShare(bounds.from)} to ${formatShare(bounds.to)}`
  return scalar(parseShare, bounds, `must be a share such as 5% or 0.25%, ${range}`)
}

/** A user's `64MiB`, given out in bytes. */
export function size(bounds: Bounds): ScalarSchema {
  const range = `from ${formatSize(bounds.from)} to ${formatSize(bounds.to)}`
  return scalar(parseSize, bounds, `must be a size such as 64MiB, ${range}`)
}

/** A duration, or `until-promoted`: until a person says so. */
export function hold(): z.ZodType<number | 'until-promoted', string> {
  const error = 'must be a duration such as 1m, or until-promoted'
  return z.string({ error }).transform((text, context) => {
    if (text === 'until-promoted') return text
    const value = duration().safeParse(text)
    if (value.success) return value.data
    context.addIssue(error)
    return z.NEVER
  })
}

export function whole(bounds: Bounds): z.ZodType<number, number> {
  const error = `must be a whole number from ${bounds.from} to ${bounds.to}`
  return z.int({ error }).min(bounds.from, { error }).max(bounds.to, { error })
}

/** Text that is not empty. */
export function text(what: string): z.ZodString {
  const error = `must be ${what}`
  return z.string({ error }).regex(/\S/, { error })
}

export function truth(): z.ZodBoolean {
  return z.boolean({ error: 'must be true or false' })
}

/** One of these, or a list of at least one. `what` names one of them: `a method such as GET`. */
export function oneOrMore<T>(one: z.ZodType<T, string>, what: string): z.ZodType<readonly T[]> {
  const error = `must be ${what}, or a list of at least one`
  return z.union([one.transform((each) => [each]), z.array(one, { error }).min(1, { error })], {
    error,
  })
}

function scalar(
  parse: (text: string) => number | undefined,
  bounds: Bounds,
  error: string,
): ScalarSchema {
  return z.string({ error }).transform((text, context) => {
    const value = parse(text)
    if (value !== undefined && value >= bounds.from && value <= bounds.to) return value
    context.addIssue(error)
    return z.NEVER
  })
}
