import { z } from 'zod'
import type { Address } from '../core/address.ts'
import { parseListen } from './listen.ts'

export const LISTEN_ERROR = 'must be a port from 1 to 65535, or host:port such as 127.0.0.1:8080'

const error = LISTEN_ERROR

const text = z.string({ error }).transform((written, context): Address => {
  const address = parseListen(written)
  if (address !== undefined) return address
  context.addIssue(error)
  return z.NEVER
})

const port = z
  .int({ error })
  .min(1, { error })
  .max(65_535, { error })
  .transform((number) => parseListen(number) ?? z.NEVER)

/** Where something listens: a port (then on every address), or host:port. */
export const listenSchema: z.ZodType<Address> = z.union([port, text], { error })
