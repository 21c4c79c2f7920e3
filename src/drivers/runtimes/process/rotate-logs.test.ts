import { spawn } from 'node:child_process'
import { open, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { rotateLogs } from './rotate-logs.ts'

let state: string
let directory: string
const log = (number = 0) => join(directory, number === 0 ? 'v1.0.log' : `v1.0.log.${number}`)
const text = (number = 0) => readFile(log(number), 'utf8')

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'midflight-'))
  directory = join(state, 'logs/shop')
  await mkdir(directory, { recursive: true })
})
afterEach(() => rm(state, { recursive: true }))

it('leaves a log alone that is small enough', async () => {
  await writeFile(log(), 'short')
  await rotateLogs(state, { bytes: 5, files: 3 })
  expect(await readdir(directory)).toEqual(['v1.0.log'])
})

it('keeps as many files as it may, and drops the oldest', async () => {
  for (const round of ['one…', 'two…', 'three', 'four…']) {
    await writeFile(log(), round)
    await rotateLogs(state, { bytes: 3, files: 3 })
  }
  expect((await readdir(directory)).toSorted()).toEqual(['v1.0.log', 'v1.0.log.1', 'v1.0.log.2'])
  expect([await text(), await text(1), await text(2)]).toEqual(['', 'four…', 'three'])
})

it('lets the process that holds the file go on writing at its new beginning', async () => {
  const file = await open(log(), 'a')
  const app = spawn('sh', ['-c', 'echo one; read _; echo two'], {
    stdio: ['pipe', file.fd, 'ignore'],
  })
  await vi.waitFor(async () => expect(await text()).toBe('one\n'))
  await rotateLogs(state, { bytes: 3, files: 2 })
  app.stdin!.end('\n')
  await vi.waitFor(async () => expect(await text()).toBe('two\n'))
  expect(await text(1)).toBe('one\n')
  await file.close()
})

it('has nothing to do where nothing was printed yet', async () => {
  await rm(join(state, 'logs'), { recursive: true })
  await expect(rotateLogs(state)).resolves.toBeUndefined()
})
