import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSnapshot, writeSnapshot } from './snapshot-file.ts'

describe('the snapshot file', () => {
  let directory: string
  let path: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'midflight-snapshot-'))
    path = join(directory, 'snapshot.json')
  })
  afterEach(async () => await rm(directory, { recursive: true }))

  it('gives back what was written', async () => {
    await writeSnapshot(path, { version: 7, routes: [] })
    expect(await readSnapshot(path)).toEqual({ version: 7, routes: [] })
  })

  it('is empty when there is none', async () => {
    expect(await readSnapshot(path)).toEqual({ version: 0, routes: [] })
  })

  it('is refused when anything in it has changed', async () => {
    await writeSnapshot(path, { version: 7, routes: [] })
    const whole = await readFile(path, 'utf8')
    const broken = [whole.replace('7', '8'), whole.slice(0, -10), '', 'null', '{}', '{"format":2}']
    for (const text of broken) {
      await writeFile(path, text)
      await expect(readSnapshot(path)).rejects.toMatchObject({ code: 'snapshot-corrupt' })
    }
  })

  it('says that nothing was changed when it cannot be written', async () => {
    await expect(
      writeSnapshot(join(directory, 'missing', 'snapshot.json'), { version: 1, routes: [] }),
    ).rejects.toMatchObject({ code: 'snapshot-not-written' })
  })
})
