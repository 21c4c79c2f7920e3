import { z } from 'zod'
import type { Address } from '../core/address.ts'
import { parseListen } from './listen.ts'

const error = 'must be a port from 1 to 65535 of this machine, or host:port such as 127.0.0.1:9090'

/** Where the new release alone is served: a port alone is for this machine only, because not everybody shall see it. */
export const previewSchema: z.ZodType<Address, number | string> = z
  .union([z.int({ error }), z.string({ error })], { error })
  .transform((written, context): Address => {
    const address = parseListen(/^\d+$/.test(String(written)) ? `127.0.0.1:${written}` : written)
    if (address !== undefined) return address
    context.addIssue(error)
    return z.NEVER
  })
