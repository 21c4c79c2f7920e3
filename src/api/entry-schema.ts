import { z } from 'zod'
import type { EntrySpec } from '../core/entry.ts'
import { address, ms } from './spec-words.ts'

const path = z.string().startsWith('/')

const tls = z.strictObject({
  certificates: z.array(z.strictObject({ cert: path, key: path })),
  acme: z
    .strictObject({
      hosts: z.array(z.string().min(1)).min(1),
      directory: z.url(),
      email: z.string().exactOptional(),
      challenge: z.enum(['http-01', 'tls-alpn-01']),
      root: path.exactOptional(),
    })
    .exactOptional(),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']),
  redirect: address.exactOptional(),
  hsts: z
    .strictObject({ maxAgeMs: ms, subdomains: z.boolean(), preload: z.boolean() })
    .exactOptional(),
})

/** How clients come in, as it crosses the API. */
export const entry: z.ZodType<EntrySpec> = z.strictObject({
  http2: z.boolean(),
  proxyProtocol: z.boolean(),
  trusted: z.array(z.string()),
  tls: tls.exactOptional(),
})
