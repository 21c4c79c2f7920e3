import { z } from 'zod'
import { schema } from './schema.ts'

/** As much of JSON Schema (draft 2020-12) as ours uses. */
export interface SchemaNode {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
  readonly items?: SchemaNode
}

/** The JSON Schema of midflight.yaml, which editors read from `schema.json` in the package. */
export function jsonSchema(): SchemaNode {
  return {
    title: 'midflight.yaml',
    ...z.toJSONSchema(schema, { io: 'input', override: keepExamples }),
  } as SchemaNode
}

/** Zod leaves the examples out where a value is transformed, because it cannot know whose they are. Ours are the user's. */
function keepExamples({ zodSchema, jsonSchema }: OverrideContext): void {
  const examples = z.globalRegistry.get(zodSchema)?.['examples']
  if (Array.isArray(examples)) jsonSchema.examples = examples
}

interface OverrideContext {
  readonly zodSchema: z.core.$ZodTypes
  readonly jsonSchema: z.core.JSONSchema.BaseSchema
}

/** The text of the committed `schema.json`. */
export function schemaFile(): string {
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`
}
