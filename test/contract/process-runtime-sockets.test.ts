import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Instance } from '../../src/core/instance.ts'
import type { Release } from '../../src/core/release.ts'
import { processRuntime } from '../../src/drivers/runtimes/process/runtime.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { checkHealth } from '../../src/proxy/health/health-check.ts'
import { aReleaseIn } from '../support/a-release.ts'
import { gently, hastily } from './runtime.ts'

/** Leaves its socket behind when it is told to end, as many servers do. */
const APP = `require('node:http').createServer((_, answer) => answer.end(String(process.pid))).listen(process.env.PORT)
process.on('SIGTERM', () => process.kill(process.pid, 'SIGKILL'))`

describe('an instance that is reached through a unix socket', () => {
  let state: string
  let release: Release
  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'midflight-'))
    await writeFile(join(state, 'app.js'), APP)
    const plain = aReleaseIn(state, { service: 'shop', run: 'node app.js' })
    release = { ...plain, spec: { ...plain.spec, reach: 'socket' } }
  })
  afterEach(async () => {
    for (const { id } of await runtime().list()) await runtime().stop(id, hastily)
    await rm(state, { recursive: true, maxRetries: 5 })
  })

  const runtime = () => processRuntime({ stateDirectory: state, clock: systemClock })
  const pathOf = (instance: Instance) =>
    'path' in instance.address ? instance.address.path : expect.fail('it has a port')
  const ready = async (instance: Instance) =>
    vi.waitFor(
      async () => expect(await checkHealth(instance, release.spec.ready)).toEqual({ good: true }),
      { timeout: 10_000, interval: 20 },
    )

  it('finds the path in PORT and answers there, and only this user may come near', async () => {
    const instance = await runtime().start(release, 0)
    const path = pathOf(instance)
    await ready(instance)
    expect(await answerAt(path)).toMatch(/^\d+$/)
    expect((await stat(join(state, 'run'))).mode & 0o777).toBe(0o700)
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(107)
  })

  it('is found again by the next controller, at the same place and of the same generation', async () => {
    const instance = await runtime().start(release, 0)
    await ready(instance)
    expect(await runtime().list('shop')).toEqual([instance])
    expect(await runtime().start(release, 0)).toEqual(instance)
  })

  it('leaves no socket when it is stopped, though it did not remove it', async () => {
    const instance = await runtime().start(release, 0)
    await ready(instance)
    await runtime().stop(instance.id, gently)
    expect(existsSync(pathOf(instance))).toBe(false)
    expect(await readdir(join(state, 'run'))).toEqual([])
  })

  it('starts anew after it was killed, without what the dead one left', async () => {
    const one = await runtime().start(release, 0)
    await ready(one)
    if (one.state.kind !== 'running') expect.fail(one.state.kind)
    process.kill(one.state.pid, 'SIGKILL')
    await vi.waitFor(async () => expect((await runtime().list())[0]?.state.kind).toBe('ended'))
    const next = await runtime().start(release, 0)
    await ready(next)
    expect(next.generation).not.toBe(one.generation)
    expect(existsSync(pathOf(one))).toBe(false)
    expect(await readdir(join(state, 'run'))).toHaveLength(1)
  })

  it('is not started where its path would be cut off', async () => {
    const deep = join(state, 'x'.repeat(107))
    const long = processRuntime({ stateDirectory: deep, clock: systemClock })
    await expect(long.start(release, 0)).rejects.toMatchObject({ code: 'state-path-too-long' })
    expect(await long.list()).toEqual([])
  })
})

async function answerAt(socketPath: string): Promise<string> {
  const asked = Promise.withResolvers<string>()
  request({ socketPath, path: '/', headers: { connection: 'close' } }, async (answer) => {
    let text = ''
    for await (const chunk of answer) text += String(chunk)
    asked.resolve(text)
  })
    .on('error', asked.reject)
    .end()
  return asked.promise
}
