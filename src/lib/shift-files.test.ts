import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { renameIfThere, shiftFiles } from './shift-files.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'midflight-shift-'))
})
afterEach(() => rm(directory, { recursive: true }))

it('moves every older file one number on, and drops the oldest', async () => {
  for (const name of ['log', 'log.1', 'log.2', 'log.3'])
    await writeFile(join(directory, name), name)
  await shiftFiles(join(directory, 'log'), 4)
  expect((await readdir(directory)).toSorted()).toEqual(['log', 'log.2', 'log.3'])
  expect(await readFile(join(directory, 'log.3'), 'utf8')).toBe('log.2')
})

it('does not mind a number that is missing', async () => {
  await writeFile(join(directory, 'log.1'), 'one')
  await shiftFiles(join(directory, 'log'), 5)
  expect(await readdir(directory)).toEqual(['log.2'])
})

it('tells whether there was a file to rename', async () => {
  await writeFile(join(directory, 'log'), 'text')
  expect(await renameIfThere(join(directory, 'log'), join(directory, 'log.1'))).toBe(true)
  expect(await renameIfThere(join(directory, 'log'), join(directory, 'log.1'))).toBe(false)
})
