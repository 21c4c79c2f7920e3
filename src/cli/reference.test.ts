import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { program } from './program.ts'
import { cliReference } from './reference.ts'

it('the reference of the command line is as committed (else: node src/cli/write-reference.ts)', async () => {
  const committed = new URL('../../docs/reference/cli.md', import.meta.url)
  expect(await readFile(committed, 'utf8')).toBe(cliReference(program()))
})

it('shows an example of every verb', () => {
  const { commands } = program()
  const examples = cliReference(program()).match(/^Example:$/gm)
  expect(examples?.length).toBe(commands.length)
})
