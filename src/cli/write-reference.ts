import { fileURLToPath } from 'node:url'
import { writeWhole } from '../lib/write-whole.ts'
import { program } from './program.ts'
import { cliReference } from './reference.ts'

// Writes docs/reference/cli.md: run it after a change of a verb. A test finds what was forgotten.
const READABLE_BY_ALL = 0o644
const page = fileURLToPath(new URL('../../docs/reference/cli.md', import.meta.url))

await writeWhole(page, cliReference(program()), READABLE_BY_ALL)
