import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { STICKY_KEY_FILE, stickyKey } from './sticky-key.ts'

const said: string[] = []
const log = (event: string) => void said.push(event)
const folder = () => mkdtempSync(join(tmpdir(), 'key-'))

it('is made once, and kept for the next proxy', async () => {
  const directory = folder()
  const key = await stickyKey(directory, log)
  expect(key.length).toBe(32)
  expect(await stickyKey(directory, log)).toEqual(key)
  expect(await stickyKey(folder(), log)).not.toEqual(key)
  expect(said).toEqual([])
})

it('can be read by nobody else', async () => {
  const directory = folder()
  await stickyKey(directory, log)
  expect(statSync(join(directory, STICKY_KEY_FILE)).mode & 0o777).toBe(0o600)
})

it('is made anew when it is damaged, and the log says so', async () => {
  const directory = folder()
  writeFileSync(join(directory, STICKY_KEY_FILE), 'AAAA')
  const key = await stickyKey(directory, log)
  expect(key.length).toBe(32)
  expect(said).toEqual(['sticky key was damaged'])
  expect(await stickyKey(directory, log)).toEqual(key)
})
