import { z } from 'zod'
import type { EntrySpec } from '../core/entry.ts'
import { addressRange } from './condition-schema.ts'
import { truth } from './scalar-schema.ts'

/** What clients may speak, and whose word about other addresses counts. */
export const clientsSchema: z.ZodType<Omit<EntrySpec, 'tls'>> = z
  .strictObject(
    {
      http2: truth()
        .default(true)
        .describe(
          'HTTP/2 beside HTTP/1.1: over TLS, and in the clear when a client begins with it',
        ),
      'proxy-protocol': truth()
        .default(false)
        .describe('Each connection begins with a PROXY protocol header (1 or 2), from a balancer'),
      trust: z
        .array(addressRange, { error: 'must be a list of address ranges such as [10.0.0.0/8]' })
        .default([])
        .describe('Proxies whose `Forwarded` and `X-Forwarded-*` fields are believed')
        .meta({ examples: [['10.0.0.0/8']] }),
    },
    { error: 'must be a mapping such as { http2: false }' },
  )
  .transform(({ http2, trust, ...rest }) => ({
    http2,
    proxyProtocol: rest['proxy-protocol'],
    trusted: trust,
  }))
