import { z } from 'zod'
import { ALL } from '../core/names.ts'
import { balanceSchema } from './balance-schema.ts'
import { clientsSchema } from './clients-schema.ts'
import { key } from './key-schema.ts'
import { mirrorSchema } from './mirror-schema.ts'
import { rulesSchema } from './rules-schema.ts'
import { share, text } from './scalar-schema.ts'
import type { ServiceFile } from './service-file.ts'
import { stickySchema } from './sticky-schema.ts'
import { tlsSchema } from './tls-schema.ts'

type Key = 'clients' | 'tls' | 'balance' | 'sticky' | 'rules' | 'user' | 'geo' | 'mirror'
type TrafficKeys = { readonly [Name in Key]-?: z.ZodType<ServiceFile[Name]> } & {
  readonly 'asset-fallback': z.ZodType<readonly string[]>
  readonly 'access-log': z.ZodType<number>
}

const paths = z.array(
  z
    .string({ error: 'must be a path such as /assets/' })
    .startsWith('/', { error: 'must be a path such as /assets/' }),
  { error: 'must be a list of paths such as [/assets/]' },
)

/** The keys at the top of the file that say how traffic is treated. */
export const trafficKeys: TrafficKeys = {
  clients: clientsSchema
    .prefault({})
    .describe('What clients may speak, and whom the proxy believes')
    .meta({ examples: [{ http2: false }] }),
  tls: tlsSchema
    .optional()
    .describe('HTTPS at `listen`')
    .meta({ examples: [{ certificates: [{ cert: './cert.pem', key: './key.pem' }] }] }),
  balance: balanceSchema
    .prefault({})
    .describe('How the requests of a release are spread over its instances')
    .meta({ examples: [{ policy: 'round-robin' }] }),
  sticky: stickySchema
    .optional()
    .describe('What keeps a user’s requests on one release and one instance: a key, or a mapping')
    .meta({ examples: ['cookie', { by: 'header:x-user-id', scope: 'release' }] }),
  rules: rulesSchema
    .prefault([])
    .describe('Who gets which release whatever the shares say; the first rule that matches decides')
    .meta({ examples: [[{ when: { header: { 'x-beta': '1' } }, to: 'candidate' }]] }),
  user: key(['header', 'application-cookie'])
    .optional()
    .describe('What names the user, for rules on `user`: `header:NAME` or `cookie:NAME`')
    .meta({ examples: ['header:x-user-id'] }),
  geo: text('a MaxMind file such as ./countries.mmdb')
    .optional()
    .describe(
      'A MaxMind file for rules on `country`, relative to this file, instead of the data that Midflight brings along',
    )
    .meta({ examples: ['./countries.mmdb'] }),
  mirror: mirrorSchema
    .optional()
    .describe(
      'Sends copies of some requests to another release, and compares and counts the answers',
    )
    .meta({ examples: [{ to: 'candidate', share: '1%' }] }),
  'asset-fallback': paths
    .default([])
    .describe(
      'A file under one of these paths that the chosen release lacks (404) is asked of the other one that serves',
    )
    .meta({ examples: [['/assets/']] }),
  'access-log': share({ from: 0, to: ALL })
    .prefault('0%')
    .describe('The share of requests that is written to the access log')
    .meta({ examples: ['1%'] }),
}
