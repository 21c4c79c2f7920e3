import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lastLines } from './last-lines.ts'

let state: string
let log: string
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'midflight-'))
  await mkdir(join(state, 'logs/shop'), { recursive: true })
  log = join(state, 'logs/shop/v1.2.0.log')
})
afterEach(() => rm(state, { recursive: true }))
const last = (count: number) => lastLines(state, 'shop.v1.2.0', count)

it('gives the last lines, one without its end among them', async () => {
  await writeFile(log, 'one\ntwo\n\nthree\nfour')
  expect(await last(3)).toEqual(['', 'three', 'four'])
  expect(await last(9)).toEqual(['one', 'two', '', 'three', 'four'])
  expect(await last(0)).toEqual([])
})

it('reads no more of a large log than it needs, and cuts no character', async () => {
  const line = 'é'.repeat(1_000)
  await writeFile(log, `${line}\n`.repeat(2_000))
  expect(await last(200)).toEqual(Array.from({ length: 200 }, () => line))
})

it('goes back into the log before when the log was just rotated', async () => {
  await writeFile(`${log}.1`, 'one\ntwo\nthree\n')
  await writeFile(log, 'four\n')
  expect(await last(3)).toEqual(['two', 'three', 'four'])
})

it('has nothing to tell of an instance that printed nothing', async () => {
  expect(await last(3)).toEqual([])
})
