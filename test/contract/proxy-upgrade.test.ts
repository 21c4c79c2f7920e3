import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { ask } from '../../src/drivers/routers/embedded/client.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { identify, isAlive } from '../../src/lib/process-identity.ts'
import { freeAddress, get, healthOf, testInstance, testRoute, type TestInstance, until } from './router-world.ts'

const MAIN = join(import.meta.dirname, '../../src/proxy/main.ts')

let stateDirectory: string
let router: EmbeddedRouter
let listen: Address
let v1: TestInstance
const route = () => testRoute(listen, { v1: 10_000 }, [v1.routed])

beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'midflight-upgrade-'))
  ;[v1, listen] = await Promise.all([testInstance('v1'), freeAddress()])
  router = embeddedRouter({ stateDirectory, workers: 2 })
  await router.apply(route())
  await until(async () => (await healthOf(router, v1.routed.id)) === 'up')
})
afterEach(async () => {
  await router.stop({ drainMs: 0 })
  await v1.close()
  await rm(stateDirectory, { recursive: true })
})

async function upgrade(program = MAIN, withinMs = 20_000, drainMs = 20_000): Promise<number> {
  const body = { node: process.execPath, program, withinMs, drainMs }
  const call = { method: 'POST', path: '/upgrade', body } as const
  const answer = await ask(join(stateDirectory, 'proxy/control.sock'), call)
  return (answer as { pid: number }).pid
}

async function supervisorPid(): Promise<number> {
  return (await router.status())?.pid ?? 0
}

async function programThat(does: string): Promise<string> {
  const path = join(stateDirectory, 'proxy.mjs')
  await writeFile(path, does)
  return path
}

describe('an upgrade', () => {
  it('is done by a new process that obeys the same routes, and ends the old one', async () => {
    const before = identify(await supervisorPid())!
    const pid = await upgrade()
    expect(await router.status()).toMatchObject({ pid })
    expect(pid).not.toBe(before.pid)
    expect((await router.read('shop'))?.route).toEqual(route())
    expect(await get(listen, '/')).toBe('v1')
    await until(() => !isAlive(before))
    await until(async () => (await router.status())?.draining.length === 0)
  })

  it('carries health and counts over', async () => {
    for (let count = 0; count < 10; count += 1) await get(listen, '/')
    const seen = async () => (await router.read('shop'))?.counts['v1']?.requests ?? 0
    await until(async () => (await seen()) === 10)
    await upgrade()
    expect(await healthOf(router, v1.routed.id)).toBe('up')
    expect(await seen()).toBeGreaterThanOrEqual(10)
  })

  it('of a proxy that crashes at the start leaves the old one in force', async () => {
    const before = await supervisorPid()
    const crash = await programThat('throw new Error("no")')
    await expect(upgrade(crash)).rejects.toMatchObject({
      code: 'upgrade-failed',
      message: expect.stringContaining('it ended with exit status 1'),
    })
    expect(await supervisorPid()).toBe(before)
    await router.apply(testRoute(listen, {}, [v1.routed]))
    await router.apply(route())
    expect(await get(listen, '/')).toBe('v1')
  })

  it('to a proxy that hangs is given up after the time it may take', async () => {
    const before = await supervisorPid()
    const hang = await programThat('setInterval(() => undefined, 1_000)')
    await expect(upgrade(hang, 500)).rejects.toMatchObject({
      code: 'upgrade-failed',
      message: expect.stringContaining('not ready within 0.5s'),
    })
    expect(await supervisorPid()).toBe(before)
    expect(await get(listen, '/')).toBe('v1')
  })
})
