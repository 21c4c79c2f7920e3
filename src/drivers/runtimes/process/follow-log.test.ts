import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../../lib/system-clock.ts'
import { followLog } from './follow-log.ts'
import { rotateLogs } from './rotate-logs.ts'

let state: string
let log: string
let end: AbortController
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'midflight-'))
  await mkdir(join(state, 'logs/shop'), { recursive: true })
  log = join(state, 'logs/shop/v1.0.log')
  end = new AbortController()
})
afterEach(() => rm(state, { recursive: true }))

const follow = (lines: number) =>
  followLog('shop.v1.0', { stateDirectory: state, clock: systemClock, lines, signal: end.signal })
const next = async (log: AsyncGenerator<string>) => (await log.next()).value as string

it('begins with the last lines and goes on with what is printed then', async () => {
  await appendFile(log, 'one\ntwo\nthr')
  const lines = follow(1)
  expect(await next(lines)).toBe('two')
  await appendFile(log, 'ee\nfour\n')
  expect([await next(lines), await next(lines)]).toEqual(['three', 'four'])
  end.abort()
  expect((await lines.next()).done).toBe(true)
})

it('waits for a log that is not there yet', async () => {
  const first = next(follow(10))
  await appendFile(log, 'one\n')
  expect(await first).toBe('one')
})

it('loses nothing when the log is rotated', async () => {
  await appendFile(log, 'one\n')
  const lines = follow(10)
  expect(await next(lines)).toBe('one')
  await appendFile(log, 'two\n')
  await rotateLogs(state, { bytes: 1, files: 2 })
  await appendFile(log, '3\n')
  expect([await next(lines), await next(lines)]).toEqual(['two', '3'])
})

it('ends quietly while it waits', async () => {
  const waiting = follow(10).next()
  end.abort()
  expect((await waiting).done).toBe(true)
})
