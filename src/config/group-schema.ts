import { z } from 'zod'
import { text } from './scalar-schema.ts'

/** midflight.group.yaml as it is written. */
export interface GroupFile {
  readonly group: string
  readonly services: readonly string[]
}

/** What is allowed in midflight.group.yaml. Validation and the JSON Schema for editors both come from here. */
export const groupSchema: z.ZodType<GroupFile> = z.strictObject(
  {
    group: z
      .string({ error: 'must be a name such as site' })
      .regex(/^[A-Za-z][\w-]{0,62}$/, {
        error: 'must begin with a letter and hold at most 63 letters, digits, _ and -',
      })
      .describe('The name of the group')
      .meta({ examples: ['site'] }),
    services: z
      .array(text('a folder such as ./orders'), {
        error: 'must be a list of folders such as [./orders, ./web]',
      })
      .min(2, { error: 'must name at least two folders' })
      .max(100, { error: 'must name at most 100 folders' })
      .describe(
        'The folders that hold each a midflight.yaml, relative to this file, in the order in which they roll out',
      )
      .meta({ examples: [['./accounts', './orders', './web']] }),
  },
  { error: 'must be a mapping that begins with group: and services:' },
)
