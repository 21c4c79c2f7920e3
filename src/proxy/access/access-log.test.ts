import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccessRecord } from '../../core/access.ts'
import { AccessLog } from './access-log.ts'
import { rotateBySize } from './keep-small.ts'

let directory: string
let path: string
let told: string[]
let log: AccessLog

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'midflight-access-'))
  path = join(directory, 'access.log')
  told = []
  log = new AccessLog(path, (event) => void told.push(event))
})
afterEach(() => rm(directory, { recursive: true }))

const record = (id: string): AccessRecord => ({ id }) as AccessRecord
const lines = async () =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id?: string; dropped?: number })

describe('the access log', () => {
  it('has a line for each record, in order, readable by its user alone', async () => {
    for (let id = 0; id < 1000; id += 1) log.write(record(`${id}`))
    await log.flush()
    expect((await lines()).map(({ id }) => id)).toEqual(
      Array.from({ length: 1000 }, (_, n) => `${n}`),
    )
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('is written by itself, a moment later', async () => {
    log.write(record('a'))
    await expect.poll(async () => await lines().catch(() => [])).toEqual([{ id: 'a' }])
  })

  it('goes on in a new file when it was renamed', async () => {
    log.write(record('a'))
    await log.flush()
    await rename(path, `${path}.1`)
    log.write(record('b'))
    await log.flush()
    expect(await lines()).toEqual([{ id: 'b' }])
  })

  it('drops what a disk that is too slow cannot take, and counts it', async () => {
    const long = 'x'.repeat(100_000)
    for (let count = 0; count < 15; count += 1) log.write(record(long))
    await log.flush()
    const written = await lines()
    expect(written.filter(({ id }) => id === long)).toHaveLength(10)
    expect(written.at(-1)).toEqual({ dropped: 5 })
  })

  it('tells how many were lost while it could not be written, once it can', async () => {
    await mkdir(path)
    log.write(record('a'))
    log.write(record('b'))
    await log.flush()
    expect(told).toEqual(['access log not written'])
    await rmdir(path)
    log.write(record('c'))
    await log.flush()
    expect(await lines()).toEqual([{ id: 'c' }, { dropped: 2 }])
  })
})

describe('an access log that has grown too large', () => {
  it('is renamed with those before it, and the oldest goes', async () => {
    for (const text of ['one…', 'two…', 'three', 'four…']) {
      await writeFile(path, text)
      await rotateBySize(path, { bytes: 3, files: 3 })
    }
    expect((await readdir(directory)).toSorted()).toEqual(['access.log.1', 'access.log.2'])
    expect(await readFile(`${path}.1`, 'utf8')).toBe('four…')
  })

  it('stays when it is small enough, or not there', async () => {
    await rotateBySize(path, { bytes: 3, files: 3 })
    await writeFile(path, 'one')
    await rotateBySize(path, { bytes: 3, files: 3 })
    expect(await readdir(directory)).toEqual(['access.log'])
  })
})
