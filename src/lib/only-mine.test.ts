import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { onlyMine } from './only-mine.ts'

it('makes a file that no other user may read, and leaves one that is there as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'only-mine-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'lock')
  onlyMine(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  writeFileSync(path, 'held')
  onlyMine(path)
  expect(readFileSync(path, 'utf8')).toBe('held')
})
