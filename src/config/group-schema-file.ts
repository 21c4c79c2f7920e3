import { z } from 'zod'
import { groupSchema } from './group-schema.ts'

/** The text of the committed `group-schema.json`, which editors read from the package. */
export function groupSchemaFile(): string {
  const schema = { title: 'midflight.group.yaml', ...z.toJSONSchema(groupSchema, { io: 'input' }) }
  return `${JSON.stringify(schema, null, 2)}\n`
}
