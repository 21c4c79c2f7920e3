import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { prepareWhole, writeWhole } from './write-whole.ts'

it('replaces a file whole, readable by its owner only, and leaves nothing beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'midflight-'))
  const path = join(folder, 'state.json')
  await writeWhole(path, 'old')
  await writeWhole(path, 'new')
  expect(await readFile(path, 'utf8')).toBe('new')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['state.json'])
})

it('keeps the old file when the new one cannot take its place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'midflight-'))
  await expect(writeWhole(join(folder, 'missing', 'state.json'), 'x')).rejects.toThrow('ENOENT')
  expect(await readdir(folder)).toEqual([])
})

it('leaves the old file until the new one is told to replace it, or to be forgotten', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'midflight-'))
  const path = join(folder, 'state.json')
  await writeWhole(path, 'old')
  const dropped = await prepareWhole(path, ['dro', 'pped'], `${path}.next`)
  await dropped.forget()
  const kept = await prepareWhole(path, ['ne', 'w'], `${path}.next`)
  expect(await readFile(path, 'utf8')).toBe('old')
  await kept.replace()
  expect(await readFile(path, 'utf8')).toBe('new')
  expect(await readdir(folder)).toEqual(['state.json'])
})
