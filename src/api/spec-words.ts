import { z } from 'zod'
import type { Address } from '../core/address.ts'
import type { StickyKey } from '../core/rule.ts'

/** What the parts of a canonical service are made of, as they cross the API. */

export const ms: z.ZodNumber = z.number().int().nonnegative()

/** A number of bytes, requests or connections. */
export const size: z.ZodNumber = z.number().int().nonnegative()

export const basisPoints: z.ZodNumber = z.number().int().min(0).max(10_000)

export const address: z.ZodType<Address> = z.strictObject({
  host: z.string(),
  port: z.number().int().min(0).max(65_535),
})

const name = z.string().min(1)

export const stickyKey: z.ZodType<StickyKey> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cookie') }),
  z.strictObject({ kind: z.literal('application-cookie'), name }),
  z.strictObject({ kind: z.literal('header'), name }),
  z.strictObject({ kind: z.literal('address') }),
])
