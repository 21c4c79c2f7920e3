import { z } from 'zod'
import type { Portion } from '../core/portion.ts'
import { whole } from './scalar-schema.ts'
import { parseShare } from './share.ts'

/** A number of instances, or a share of them such as 25%. */
export function portion(bounds: {
  readonly from: number
  readonly to: number
}): z.ZodType<Portion, number | string> {
  const error = `must be a whole number from ${bounds.from} to ${bounds.to}, or a share of the instances such as 25%`
  const part = z.string({ error }).transform((text, context) => {
    const share = parseShare(text)
    if (share !== undefined && share >= bounds.from) return { share }
    context.addIssue(error)
    return z.NEVER
  })
  return z.union([whole(bounds), part], { error })
}
