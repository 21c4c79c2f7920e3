import { z } from 'zod'
import type { AcmeSpec } from '../core/entry.ts'
import { text } from './scalar-schema.ts'

/** RFC 1123 §2.1. A wildcard needs a proof by DNS, which is not offered. */
const host = z
  .string({ error: 'must be a host name such as shop.example' })
  .regex(
    /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*[a-z](?:[a-z\d-]{0,61}[a-z\d])?$/i,
    {
      error: 'must be a host name such as shop.example, and no wildcard',
    },
  )
  .transform((name) => name.toLowerCase())

/** Certificates that are asked for and renewed by themselves. */
export const acmeSchema: z.ZodType<AcmeSpec> = z
  .strictObject(
    {
      hosts: z
        .array(host, { error: 'must be a list of host names such as [shop.example]' })
        .min(1, { error: 'must be a list of at least one host name such as [shop.example]' })
        .describe('The names that the certificate is for')
        .meta({ examples: [['shop.example']] }),
      email: z
        .string()
        .regex(/^[^\s@]+@[^\s@]+$/, { error: 'must be an address such as ops@shop.example' })
        .optional()
        .describe('Whom the authority may tell of trouble')
        .meta({ examples: ['ops@shop.example'] }),
      directory: z
        .string()
        .refine((url) => URL.canParse(url) && new URL(url).protocol === 'https:', {
          error: 'must be a URL that begins with https://',
        })
        .default('https://acme-v02.api.letsencrypt.org/directory')
        .describe('The authority'),
      challenge: z
        .enum(['tls-alpn-01', 'http-01'], { error: 'must be tls-alpn-01 or http-01' })
        .default('tls-alpn-01')
        .describe(
          'How the authority sees that the name is yours: at port 443, or with `http-01` at port 80, where `redirect` must listen',
        ),
      root: text('a PEM file such as ./ca.pem')
        .optional()
        .describe('The root to trust when talking to the authority, relative to this file')
        .meta({ examples: ['./ca.pem'] }),
    },
    { error: 'must be a mapping such as { hosts: [shop.example] }' },
  )
  .transform(({ email, root, ...rest }) => ({
    ...rest,
    ...(email !== undefined && { email }),
    ...(root !== undefined && { root }),
  }))
