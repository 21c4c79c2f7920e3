import { z } from 'zod'
import type { Rule, Target } from '../core/rule.ts'
import { conditionSchema } from './condition-schema.ts'
import { unreachableRules } from './unreachable-rules.ts'

/** No release gets another name. */
const RELEASE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/
const error = 'must be candidate, stable, or a release such as { release: v3 }'

/** Which release is meant. */
export const target: z.ZodType<Target> = z.union(
  [
    z.enum(['candidate', 'stable'], { error }),
    z.strictObject({
      release: z
        .string({ error: 'must be a release such as v3' })
        .regex(RELEASE, { error: 'must be a release such as v3' })
        .describe('The name of a release'),
    }),
  ],
  { error },
)

const rule = z.strictObject(
  {
    when: conditionSchema.describe(
      'What a request must be like; all of it. A value is `text` (the same), `text*` (begins with it), `~pattern` (a regular expression that knows no capitals, anywhere in it) or `*` (anything, but there)',
    ),
    to: target
      .describe(
        'The release it gets: `candidate` (the one a rollout brings), `stable`, or a release by its name. While none of its instances is ready, the shares decide',
      )
      .meta({ examples: ['candidate', { release: 'v3' }] }),
  },
  { error: 'must be a mapping such as { when: { header: { x-beta: "1" } }, to: candidate }' },
)

/** Who gets which release whatever the shares say; the first rule that matches decides. */
export const rulesSchema: z.ZodType<readonly Rule[]> = z
  .array(rule, { error: 'must be a list of rules, each with when and to' })
  .superRefine((rules, context) => {
    for (const { index, earlier } of unreachableRules(rules))
      context.addIssue({
        code: 'custom',
        path: [index, 'when'],
        message: `can never match: rules[${earlier}] above takes all that it would`,
        params: { hint: `Put it above rules[${earlier}], or leave it out.` },
      })
  })
