import { z } from 'zod'
import type { TlsSpec } from '../core/entry.ts'
import { acmeSchema } from './acme-schema.ts'
import { listenSchema } from './listen-schema.ts'
import { duration, text, truth } from './scalar-schema.ts'

const YEAR_MS = 365 * 86_400_000

const certificate = z.strictObject(
  {
    cert: text('a PEM file such as ./cert.pem')
      .describe('The certificate and those between it and its root, as PEM, relative to this file')
      .meta({ examples: ['./cert.pem'] }),
    key: text('a PEM file such as ./key.pem')
      .describe('Its private key as PEM, without a passphrase')
      .meta({ examples: ['./key.pem'] }),
  },
  { error: 'must be a mapping such as { cert: ./cert.pem, key: ./key.pem }' },
)

/** https://hstspreload.org/#submission-requirements */
const hsts = z
  .strictObject(
    {
      'max-age': duration({ to: 10 * YEAR_MS })
        .prefault('365d')
        .describe('How long browsers come back by HTTPS only'),
      subdomains: truth().default(false).describe('And to every name below this one'),
      preload: truth()
        .default(false)
        .describe('Browsers may know it before the first visit; needs a year, and `subdomains`'),
    },
    { error: 'must be a mapping such as { max-age: 365d }' },
  )
  .refine((file) => !file.preload || (file.subdomains && file['max-age'] >= YEAR_MS), {
    path: ['preload'],
    error: 'must be false without subdomains: true and a max-age of 365d',
  })
  .transform(({ subdomains, preload, ...rest }) => ({
    maxAgeMs: rest['max-age'],
    subdomains,
    preload,
  }))

/** HTTPS at `listen`. Paths are as written. */
export const tlsSchema: z.ZodType<TlsSpec> = z
  .strictObject(
    {
      certificates: z
        .array(certificate, {
          error: 'must be a list such as [{ cert: ./cert.pem, key: ./key.pem }]',
        })
        .default([])
        .describe('Chosen by the name a client asks for; the first one is for all others')
        .meta({ examples: [[{ cert: './cert.pem', key: './key.pem' }]] }),
      acme: acmeSchema
        .optional()
        .describe('Certificates that are asked for and renewed by themselves')
        .meta({ examples: [{ hosts: ['shop.example'] }] }),
      min: z
        .enum(['TLSv1.2', 'TLSv1.3'], { error: 'must be TLSv1.2 or TLSv1.3' })
        .default('TLSv1.2')
        .describe('The oldest version that is spoken'),
      redirect: listenSchema
        .optional()
        .describe('Plain HTTP there is answered with a redirect to HTTPS')
        .meta({ examples: [80] }),
      hsts: hsts
        .optional()
        .describe('Tells browsers to come by HTTPS only (RFC 6797)')
        .meta({ examples: [{ 'max-age': '365d' }] }),
    },
    { error: 'must be a mapping such as { certificates: [{ cert: ./cert.pem, key: ./key.pem }] }' },
  )
  .refine((file) => file.certificates.length > 0 || file.acme !== undefined, {
    error: 'must have certificates or acme',
  })
  .refine((file) => file.acme?.challenge !== 'http-01' || file.redirect !== undefined, {
    path: ['acme', 'challenge'],
    error: 'must be tls-alpn-01, or tls.redirect must listen at port 80, where http-01 is asked',
  })
  .transform(({ certificates, acme, min, redirect, hsts: strict }) => ({
    certificates,
    ...(acme && { acme }),
    minVersion: min,
    ...(redirect && { redirect }),
    ...(strict && { hsts: strict }),
  }))
