import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Instance } from '../../src/core/instance.ts'
import type { Release } from '../../src/core/release.ts'
import type { Runtime } from '../../src/core/runtime.ts'
import type { StopSpec } from '../../src/core/service.ts'

/** A driver under test, with nothing running yet. */
export interface RuntimeUnderTest {
  /** A runtime over the same instances each time, as after a new start of the controller. */
  runtime(): Runtime
  /** A release of `service` whose instances run this shell command. */
  release(service: string, run: string): Promise<Release>
  /** What an instance has printed so far. */
  output(instance: Instance): Promise<readonly string[]>
  /** Ends whatever a test left and removes the state. */
  cleanUp(): Promise<void>
}

export const gently: StopSpec = { drainMs: 0, signal: 'SIGTERM', killMs: 5_000 }
export const hastily: StopSpec = { drainMs: 0, signal: 'SIGTERM', killMs: 100 }

const SERVER = `node -e "require('http').createServer((_, answer) => answer.end('yes')).listen(process.env.PORT, process.env.HOST)"`

/** What the port `Runtime` promises, for every driver. */
export function testRuntime(name: string, make: () => Promise<RuntimeUnderTest>): void {
  describe(`${name} as a runtime`, () => {
    let under: RuntimeUnderTest
    let runtime: Runtime
    beforeEach(async () => {
      under = await make()
      runtime = under.runtime()
    })
    afterEach(() => under.cleanUp())

    const found = async (instance: Instance) =>
      (await runtime.list(instance.service)).find(({ id }) => id === instance.id)
    const end = (instance: Instance) =>
      vi.waitFor(async () => expect((await found(instance))?.state.kind).toBe('ended'), 5_000)
    const printed = (instance: Instance, text: string) =>
      vi.waitFor(async () => expect(await under.output(instance)).toContain(text), 5_000)

    it('knows no instance before one was started', async () => {
      expect(await runtime.list('shop')).toEqual([])
    })

    it('starts an instance that listens on the port it was given', async () => {
      const instance = await runtime.start(await under.release('shop', SERVER), 0)
      expect(instance).toMatchObject({ id: `shop.${instance.release}.0`, slot: 0 })
      await vi.waitFor(() => connects(instance), { timeout: 10_000, interval: 20 })
    })

    it('starts a slot that runs already only once', async () => {
      const release = await under.release('shop', 'sleep 1000')
      const [first, second] = await Promise.all([
        runtime.start(release, 0),
        runtime.start(release, 0),
      ])
      expect(second).toEqual(first)
      expect(await runtime.list('shop')).toEqual([first])
    })

    it('gives each of 20 instances started at once a port of its own', async () => {
      const release = await under.release('shop', 'sleep 1000')
      const slots = Array.from({ length: 20 }, (_, slot) => slot)
      const all = await Promise.all(slots.map((slot) => runtime.start(release, slot)))
      expect(new Set(all.map((instance) => JSON.stringify(instance.address))).size).toBe(20)
      expect((await runtime.list('shop')).map((instance) => instance.slot)).toEqual(slots)
    })

    it('keeps the instances of one service from those of another', async () => {
      const instance = await runtime.start(await under.release('shop', 'sleep 1000'), 0)
      await runtime.start(await under.release('shop2', 'sleep 1000'), 0)
      expect(await runtime.list('shop')).toEqual([instance])
    })

    it('stops an instance so that it is gone, and stopping it again is no error', async () => {
      const instance = await runtime.start(await under.release('shop', 'sleep 1000'), 0)
      await runtime.stop(instance.id, gently)
      expect(await runtime.list('shop')).toEqual([])
      await runtime.stop(instance.id, gently)
    })

    it('lets an instance finish its work when it is asked to stop', async () => {
      const run = `trap 'echo finished; exit 0' TERM; echo up; while :; do sleep 0.05; done`
      const instance = await runtime.start(await under.release('shop', run), 0)
      await printed(instance, 'up')
      await runtime.stop(instance.id, gently)
      expect(await under.output(instance)).toContain('finished')
    })

    it('ends an instance that does not listen to the signal', async () => {
      const run = `trap '' TERM; echo up; while :; do sleep 1; done`
      const instance = await runtime.start(await under.release('shop', run), 0)
      await printed(instance, 'up')
      await runtime.stop(instance.id, hastily)
      expect(await runtime.list('shop')).toEqual([])
    })

    it('still finds an instance whose stop was given up', async () => {
      const run = `trap '' TERM; echo up; while :; do sleep 1; done`
      const instance = await runtime.start(await under.release('shop', run), 0)
      await printed(instance, 'up')
      const stopping = runtime.stop(instance.id, gently, { signal: AbortSignal.timeout(50) })
      await expect(stopping).rejects.toThrow('timeout')
      expect(await runtime.list('shop')).toEqual([instance])
    })

    it('tells that an instance ended by itself, and with which code', async () => {
      const instance = await runtime.start(await under.release('shop', 'exit 3'), 0)
      await end(instance)
      expect((await found(instance))?.state).toEqual({ kind: 'ended', code: 3 })
    })

    it('tells that a command is not there as the shell does, with code 127', async () => {
      const release = await under.release('shop', 'no-such-program --serve')
      const instance = await runtime.start(release, 0)
      await end(instance)
      expect((await found(instance))?.state).toEqual({ kind: 'ended', code: 127 })
    })

    it('starts a slot that ended anew, as another generation', async () => {
      const release = await under.release('shop', 'echo up; [ -n "$PORT" ] && exit 1')
      const first = await runtime.start(release, 0)
      await end(first)
      const second = await runtime.start(release, 0)
      expect(second.id).toBe(first.id)
      expect(second.generation).not.toBe(first.generation)
    })

    it('starts nothing once it is given up', async () => {
      const release = await under.release('shop', 'sleep 1000')
      const signal = AbortSignal.abort(new Error('given up'))
      await expect(runtime.start(release, 0, { signal })).rejects.toThrow('given up')
      expect(await runtime.list('shop')).toEqual([])
    })

    it('finds its instances again after a new start, and can end them', async () => {
      const release = await under.release('shop', 'sleep 1000')
      const instance = await runtime.start(release, 0)
      const later = under.runtime()
      expect(await later.list('shop')).toEqual([instance])
      expect(await later.start(release, 0)).toEqual(instance)
      await later.stop(instance.id, gently)
      expect(await runtime.list('shop')).toEqual([])
    })

    it('measures what a running instance uses, and nothing of one that is gone', async () => {
      const instance = await runtime.start(await under.release('shop', 'sleep 1000'), 0)
      const usage = await runtime.measure(instance.id)
      expect(usage?.memoryBytes).toBeGreaterThan(100_000)
      expect(usage?.cpuMs).toBeLessThan(1_000)
      await runtime.stop(instance.id, gently)
      expect(await runtime.measure(instance.id)).toBeUndefined()
    })
  })
}

async function connects({ address }: Instance): Promise<void> {
  const socket = connect(address)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  socket.destroy()
}
