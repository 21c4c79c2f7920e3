import { z } from 'zod'
import { ALL } from '../core/names.ts'
import { gatesSchema } from './gates-schema.ts'
import { judgeSchema } from './judge-schema.ts'
import { portion } from './portion-schema.ts'
import { previewSchema } from './preview-schema.ts'
import { duration, hold, share, whole } from './scalar-schema.ts'
import type { CanaryStepFile, RolloutFile } from './service-file.ts'

const stepShare = share({ from: 1, to: ALL })

const gate = {
  errors: share({ from: 0, to: ALL })
    .prefault('5%')
    .describe(
      'Largest share of the new release’s answers that may be errors (5xx, or none at all)',
    ),
  'min-requests': whole({ from: 1, to: 1_000_000 })
    .default(20)
    .describe('Fewer answers than this prove nothing: the gate lets them pass'),
  judge: judgeSchema,
  gates: gatesSchema,
  bake: duration()
    .prefault('10s')
    .describe(
      'How long the gate watches after all traffic has moved; until then a bad release is taken back',
    ),
  preview: previewSchema
    .optional()
    .describe(
      'Where the new release alone is served, from when it is ready until the rollout ends: a port (of this machine only), or host:port',
    )
    .meta({ examples: ['127.0.0.1:9090'] }),
}

/** The strategies that end the old set as they go on keep it only where that is asked for. */
const warm = duration()
  .prefault('0s')
  .describe(
    'How long the old set stays warm after the rollout, for a rollback at once; it needs room for two sets',
  )
  .meta({ examples: ['10m'] })

const rolling = z.strictObject({
  strategy: z
    .literal('rolling')
    .default('rolling')
    .describe('Replaces instances a batch at a time'),
  batch: portion({ from: 1, to: 100 })
    .prefault(1)
    .describe('How many instances are replaced at a time, or which share of them, rounded up'),
  surge: portion({ from: 0, to: 100 })
    .prefault(1)
    .describe(
      'How many instances, or which share of them, may run beyond the wanted number meanwhile, at most `batch`',
    ),
  warm,
  ...gate,
})

const blueGreen = z.strictObject({
  strategy: z
    .literal('blue-green')
    .describe('Starts a second full set, then moves all traffic at once'),
  warm: duration()
    .prefault('1h')
    .describe('How long the old set stays warm after the switch, for a rollback at once'),
  ...gate,
})

const canary = z.strictObject({
  strategy: z.literal('canary').describe('Gives the new release a growing share of the traffic'),
  steps: z
    .array(
      z.union(
        [
          stepShare,
          z.strictObject({
            share: stepShare
              .describe('The share of traffic that the new release gets')
              .meta({ examples: ['25%'] }),
            hold: hold()
              .optional()
              .describe('How long the gate watches this share')
              .meta({ examples: ['1m'] }),
          }),
        ],
        { error: 'must be a share such as 5%, or a mapping such as { share: 25%, hold: 1m }' },
      ),
      { error: 'must be a list of shares such as [1%, 5%, 25%, 50%]' },
    )
    .min(1, { error: 'must be a list of at least one share such as [5%, 50%]' })
    .superRefine(refuseContradiction)
    .prefault(['1%', '5%', '25%', '50%'])
    .describe(
      'The shares on the way, rising; the last step to 100% is implied. A step is a share, or a mapping with its own hold',
    )
    .meta({ examples: [['5%', { share: '25%', hold: 'until-promoted' }]] }),
  hold: hold()
    .prefault('30s')
    .describe(
      'How long the gate watches each share; `until-promoted` waits for `midflight promote`',
    ),
  warm,
  ...gate,
})

/** How a new release takes over: one of three strategies, each with its own keys. */
export const rolloutSchema: z.ZodType<RolloutFile> = z.discriminatedUnion(
  'strategy',
  [rolling, blueGreen, canary],
  {
    error: ({ input }) =>
      typeof input === 'object' && input !== null && !Array.isArray(input)
        ? 'must be rolling, blue-green or canary'
        : 'must be a mapping such as { strategy: canary }',
  },
)

/** The shares must rise, and watching all traffic is what `bake` is for. */
function refuseContradiction(steps: readonly CanaryStepFile[], context: z.RefinementCtx): void {
  const shares = steps.map((step) => (typeof step === 'number' ? step : step.share))
  for (const [index, step] of steps.entries()) {
    const before = shares[index - 1] ?? 0
    const share = shares[index] ?? 0
    if (share <= before)
      context.addIssue({
        code: 'custom',
        path: [index],
        message: 'must be larger than the step before it',
      })
    if (share === ALL && typeof step !== 'number' && step.hold !== undefined)
      context.addIssue({
        code: 'custom',
        path: [index, 'hold'],
        message: 'cannot be given for 100% (use rollout.bake)',
      })
  }
  if (shares[0] === ALL)
    context.addIssue({ code: 'custom', message: 'must hold a share below 100%' })
}
