import { fileURLToPath } from 'node:url'
import { writeWhole } from '../lib/write-whole.ts'
import { groupSchemaFile } from './group-schema-file.ts'
import { referencePage } from './reference.ts'
import { schemaFile } from './schema-file.ts'

// Writes what is generated from the schema: run it after a change there. A test finds what was forgotten.
const READABLE_BY_ALL = 0o644
const inRepository = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url))

await writeWhole(inRepository('schema.json'), schemaFile(), READABLE_BY_ALL)
await writeWhole(inRepository('group-schema.json'), groupSchemaFile(), READABLE_BY_ALL)
await writeWhole(inRepository('docs/reference/midflight-yaml.md'), referencePage(), READABLE_BY_ALL)
