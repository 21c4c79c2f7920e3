import { z } from 'zod'
import { ALL } from '../core/names.ts'
import type { MirrorSpec } from '../core/rule.ts'
import { TOKEN } from './key-schema.ts'
import { target } from './rules-schema.ts'
import { share, size } from './scalar-schema.ts'

const methods = z
  .array(
    z
      .string({ error: 'must be a method such as GET' })
      .regex(/^[A-Z][A-Z-]*$/, { error: 'must be a method such as GET, in capitals' }),
    { error: 'must be a list of methods such as [GET, HEAD]' },
  )
  .min(1, { error: 'must be a list of at least one method such as [GET]' })

const fields = z.array(
  z
    .string({ error: 'must be a field name such as date' })
    .regex(TOKEN, { error: 'must be a field name such as date' })
    .transform((name) => name.toLowerCase()),
  { error: 'must be a list of field names such as [date]' },
)

/** Which requests another release gets a copy of. */
export const mirrorSchema: z.ZodType<MirrorSpec> = z
  .strictObject(
    {
      to: target
        .default('candidate')
        .describe('The release that gets the copies: `candidate`, `stable` or `{ release: v3 }`')
        .meta({ examples: ['candidate'] }),
      share: share({ from: 1, to: ALL }).prefault('1%').describe('How many requests are copied'),
      methods: methods
        .default(['GET', 'HEAD'])
        .describe('Only these. A copy of any other is carried out twice'),
      body: size({ from: 0, to: 2 ** 24 })
        .prefault('64KiB')
        .describe('Largest body of a request or an answer that is copied and compared'),
      ignore: fields.default(['date']).describe('Fields of the answer that may differ'),
    },
    { error: 'must be a mapping such as { to: candidate, share: 1% }' },
  )
  .transform(({ body, ignore, ...rest }) => ({ ...rest, bodyBytes: body, ignoredFields: ignore }))
