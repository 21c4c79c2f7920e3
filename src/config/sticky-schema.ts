import { z } from 'zod'
import type { StickySpec } from '../core/rule.ts'
import { key } from './key-schema.ts'
import { duration } from './scalar-schema.ts'

const by = key(['cookie', 'application-cookie', 'header', 'address'])

/** What keeps a user's requests together: a mapping, or just the key. */
export const stickySchema: z.ZodType<StickySpec> = z
  .union(
    [
      by.transform((one) => ({ by: one, for: 24 * 3_600_000, scope: 'instance' as const })),
      z.strictObject({
        by: by
          .prefault('cookie')
          .describe(
            'What tells users apart: `cookie` (a signed one that the proxy gives out), `cookie:NAME`, `header:NAME` or `ip`',
          )
          .meta({ examples: ['cookie', 'header:x-user-id', 'cookie:session', 'ip'] }),
        for: duration({ to: 400 * 86_400_000 })
          .prefault('24h')
          .describe('How long the proxy’s own cookie lasts; 0s until the browser is closed'),
        scope: z
          .enum(['instance', 'release'], { error: 'must be instance or release' })
          .default('instance')
          .describe('Whether a user stays on one instance of the release, or on the release only'),
      }),
    ],
    {
      error:
        'must be cookie, header:x-user-id, cookie:session, ip, or a mapping such as { by: cookie }',
    },
  )
  .transform(({ by: who, for: forMs, scope }) => ({ by: who, forMs, scope }))
