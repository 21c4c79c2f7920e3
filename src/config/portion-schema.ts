import { z } from 'zod'
import { ALL } from '../core/names.ts'
import type { Portion } from '../core/portion.ts'
import { share, whole } from './scalar-schema.ts'

/** A number of instances, or a share of them such as 25%. */
export function portion(bounds: {
  readonly from: number
  readonly to: number
}): z.ZodType<Portion, number | string> {
  const error = `must be a whole number from ${bounds.from} to ${bounds.to}, or a share of the instances such as 25%`
  const part = share({ from: bounds.from, to: ALL }).transform((each) => ({ share: each }))
  return z.union([whole(bounds), part], { error })
}
