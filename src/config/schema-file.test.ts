import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { referencePage } from './reference.ts'
import { jsonSchema, schemaFile } from './schema-file.ts'

const committed = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('what is generated from the schema', () => {
  it('schema.json is as committed (else: node src/config/write-schema.ts)', async () => {
    expect(await committed('schema.json')).toBe(schemaFile())
  })

  it('the reference page is as committed (else: node src/config/write-schema.ts)', async () => {
    expect(await committed('docs/reference/midflight-yaml.md')).toBe(referencePage())
  })

  it('explains every key', () => {
    const keys = Object.entries(jsonSchema().properties ?? {})
    expect(keys.length).toBe(25)
    expect(keys.filter(([, node]) => !node.description)).toEqual([])
  })

  it('requires only what cannot be guessed', () => {
    expect(jsonSchema().required).toEqual(['service', 'run'])
  })
})
