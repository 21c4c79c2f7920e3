import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { Route } from '../../src/core/route.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { answer, playedInstance, type PlayedInstance } from '../support/played-instance.ts'
import { freeAddress, get, testRoute, until } from './router-world.ts'

let stateDirectory: string
let router: EmbeddedRouter
let listen: Address
let bad: PlayedInstance
let good: PlayedInstance

beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'midflight-router-'))
  ;[bad, good, listen] = await Promise.all([playedInstance(0), playedInstance(1), freeAddress()])
  router = embeddedRouter({ stateDirectory, workers: 2 })
  await router.apply(route())
  await until(async () => (await read()).every((each) => each.health === 'up'))
})
afterEach(async () => {
  await router.stop({ drainMs: 0 })
  await Promise.all([bad.kill(), good.kill()])
  await rm(stateDirectory, { recursive: true })
})

function route(): Route {
  const plain = testRoute(listen, { v1: 10_000 }, [bad.routed, good.routed])
  const outliers = {
    consecutive: 3,
    share: 10_000,
    requests: 1_000,
    intervalMs: 60_000,
    ejectMs: 60_000,
    mostMs: 60_000,
    ejected: 5_000,
  }
  const balance = {
    policy: 'round-robin',
    slowStartMs: 0,
    requestsPerInstance: 0,
    outliers,
  } as const
  return { ...plain, ready: { ...plain.ready, path: '/up' }, traffic: { balance } }
}

async function read() {
  return (await router.read('shop'))?.instances ?? []
}

async function ejected() {
  return (await read()).find((each) => each.id === bad.routed.id)?.ejected
}

it('what one worker sees fail takes an instance out for all, and whoever asks is told why and until when', async () => {
  bad.onUser = answer(500)
  await until(async () => {
    await get(listen, '/')
    return (await ejected()) !== undefined
  })
  const { reason, untilMs } = (await ejected())!
  expect(reason).toBe('3 requests in a row failed, the last one was answered 500')
  expect(untilMs).toBeGreaterThan(Date.now() + 30_000)
  // Both workers have heard of it when so many in a row go to the other one.
  await until(async () => {
    const users = bad.asked.users
    for (let count = 0; count < 20; count += 1) await get(listen, '/')
    return bad.asked.users === users
  })
})

it('a worker that is started later is told as well', async () => {
  bad.onUser = answer(500)
  await until(async () => {
    await get(listen, '/')
    return (await ejected()) !== undefined
  })
  const workers = async () => (await router.status())?.workers.map(({ pid }) => pid) ?? []
  const before = await workers()
  for (const pid of before) process.kill(pid, 'SIGKILL')
  await until(async () => (await workers()).filter((pid) => !before.includes(pid)).length === 2)
  await router.apply(route())
  for (let count = 0; count < 20; count += 1) expect(await get(listen, '/')).toBe('200')
})
