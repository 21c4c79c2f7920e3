import { z } from 'zod'
import type { BalanceSpec, OutlierSpec } from '../core/balance.ts'
import { ALL } from '../core/names.ts'
import { duration, share, whole } from './scalar-schema.ts'

const outliers = z
  .strictObject({
    consecutive: whole({ from: 1, to: 10_000 })
      .default(5)
      .describe('So many failures in a row: 5xx, no answer, or one that broke'),
    share: share({ from: 1, to: ALL })
      .prefault('50%')
      .describe('Or this share of failures in `interval`, once there were `requests`'),
    requests: whole({ from: 1, to: 1_000_000 })
      .default(20)
      .describe('Fewer requests in an interval than this prove nothing'),
    interval: duration({ from: 100 }).prefault('10s').describe('Over which `share` is counted'),
    eject: duration({ from: 100 })
      .prefault('30s')
      .describe('How long it is out; the second time in a row twice as long, and so on'),
    most: duration({ from: 100 }).prefault('5m').describe('And never longer than this'),
    ejected: share({ from: 1, to: ALL })
      .prefault('50%')
      .describe('Never is more than this share of a release’s instances out; one always may be'),
  })
  .refine((file) => file.most >= file.eject, {
    path: ['most'],
    error: 'must not be shorter than eject',
  })
  .transform(({ interval, eject, most, ...rest }): OutlierSpec => ({
    ...rest,
    intervalMs: interval,
    ejectMs: eject,
    mostMs: most,
  }))

/** How the requests of a release are spread over its instances. */
export const balanceSchema: z.ZodType<BalanceSpec> = z
  .strictObject(
    {
      policy: z
        .enum(['least-loaded', 'round-robin'], { error: 'must be least-loaded or round-robin' })
        .default('least-loaded')
        .describe('The less busy of two taken at random, or one after the other'),
      'slow-start': duration()
        .prefault('0s')
        .describe('An instance that becomes ready gets a growing share for this long; 0s is off'),
      requests: whole({ from: 0, to: 1_000_000 })
        .default(0)
        .describe('How many requests one instance works on at once, more wait; 0 is no limit'),
      outliers: z
        .union(
          [
            z.literal('off', { error: 'must be off, or a mapping such as { consecutive: 5 }' }),
            outliers,
          ],
          {
            error: 'must be off, or a mapping such as { consecutive: 5 }',
          },
        )
        .prefault({})
        .describe(
          'When an instance that passes its checks gets no traffic all the same, because requests fail on it; or `off`',
        )
        .meta({ examples: [{ consecutive: 5 }] }),
    },
    { error: 'must be a mapping such as { policy: round-robin }' },
  )
  .transform(({ policy, requests, outliers: out, ...rest }) => ({
    policy,
    slowStartMs: rest['slow-start'],
    requestsPerInstance: requests,
    ...(out !== 'off' && { outliers: out }),
  }))
