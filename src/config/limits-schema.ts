import { z } from 'zod'
import { ALL } from '../core/names.ts'
import type { RateSpec } from '../core/service.ts'
import { key } from './key-schema.ts'
import { duration, share, size, whole } from './scalar-schema.ts'
import type { LimitsFile } from './service-file.ts'

const rate = z
  .strictObject(
    {
      requests: whole({ from: 1, to: 1_000_000 })
        .describe('How many a second on average')
        .meta({ examples: [50] }),
      burst: whole({ from: 1, to: 1_000_000 })
        .optional()
        .describe('How many at once; as many as `requests` unless said')
        .meta({ examples: [100] }),
      by: key(['address', 'header', 'application-cookie'])
        .prefault('ip')
        .describe(
          'Whose requests are counted together: `ip`, `header:NAME` or `cookie:NAME`; whoever has no such header or cookie is counted by address',
        ),
    },
    { error: 'must be a mapping such as { requests: 50, burst: 100 }' },
  )
  .transform(({ requests, burst, by }): RateSpec => ({
    perSecond: requests,
    burst: burst ?? requests,
    by,
  }))

/** What is off unless it is asked for, or has a default of the proxy’s own. */
const guards = {
  fields: whole({ from: 1, to: 10_000 })
    .default(128)
    .describe('Most fields in the head of a request or an answer'),
  'min-rate': size({ from: 1, to: 2 ** 30 })
    .optional()
    .describe(
      'A body that is asked for, and a client that is sent an answer, must move this much a second on average; five seconds are let pass, half a minute can be saved up. Silent streams and WebSockets are left alone',
    )
    .meta({ examples: ['1KiB'] }),
  'connections-per-address': whole({ from: 1, to: 1_000_000 })
    .optional()
    .describe(
      'Open connections of one client address, or IPv6 /64. Each worker counts those it holds: nobody is refused below this, and nobody gets more than this times the workers',
    )
    .meta({ examples: [100] }),
  rate: rate
    .optional()
    .describe(
      'How many requests one client may make; more are answered 429. Each worker counts those it carries: nobody is refused below this, and nobody gets more than this times the workers',
    )
    .meta({ examples: [{ requests: 50, burst: 100 }] }),
  retries: share({ from: 0, to: ALL })
    .prefault('20%')
    .describe(
      'At most this share of requests is tried a second time, over the last five to ten seconds of each worker, and always a few; 0% for none',
    ),
  'release-rate': whole({ from: 1, to: 1_000_000 })
    .optional()
    .describe(
      'How many waiting requests are let go each second once an instance is ready. Each worker keeps to an equal part of it, whether the others need theirs or not',
    )
    .meta({ examples: [500] }),
}

/** What the proxy allows a client, an instance, and a request that has to wait. */
export const limitsSchema: z.ZodType<LimitsFile> = z.strictObject(
  {
    head: size({ from: 2 ** 10, to: 2 ** 20 })
      .prefault('32KiB')
      .describe('Largest head of a request or an answer'),
    body: size({ from: 0, to: 2 ** 40 })
      .prefault('1GiB')
      .describe('Largest body of a request'),
    'head-timeout': duration({ from: 1 })
      .prefault('10s')
      .describe('A client must have sent its whole head by then'),
    'keep-alive': duration({ from: 1 })
      .prefault('75s')
      .describe('An idle connection of a client is closed after this'),
    idle: duration({ from: 1 })
      .prefault('60s')
      .describe('A message that stands still in its middle is given up after this'),
    connect: duration({ from: 1 })
      .prefault('2s')
      .describe('How long connecting to an instance may take'),
    answer: duration({ from: 1 })
      .prefault('60s')
      .describe('From the end of a request to the first byte of its answer'),
    hold: duration()
      .prefault('10s')
      .describe('How long a request waits while no instance is ready'),
    held: whole({ from: 0, to: 1_000_000 })
      .default(1_000)
      .describe(
        'How many requests may wait at once. Each worker counts those it holds: nobody is refused below this, and no more than this times the workers wait',
      ),
    ...guards,
  },
  { error: 'must be a mapping such as { body: 10MiB }' },
)
