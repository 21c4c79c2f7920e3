import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownPids } from '../../src/cli/own-pids.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { worldOf } from '../../src/engine/world.ts'
import { identify, isAlive } from '../../src/lib/process-identity.ts'
import { steps } from '../../src/steps/all.ts'
import { AT_ONCE } from '../support/controlled.ts'
import { type BusyInstance, busyInstance } from '../support/busy-instance.ts'
import { type ProxyUnderUpgrade, proxyUnderUpgrade } from '../support/proxy-under-upgrade.ts'
import { rawClient } from '../support/raw-client.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'
import { until } from '../support/until.ts'

const slots = [0]
const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody'

describe('a release that is drained right after the proxy was killed', () => {
  let real: RealWorld
  let tools: Tools
  beforeAll(async () => {
    real = await realWorld()
    tools = real.tools()
    for (const id of ['v1', 'v2'])
      await tools.releases.add(await real.release(id, { rollout: AT_ONCE }))
    for (const release of ['v1', 'v2']) {
      const world = worldOf(tools, 'shop')
      await steps['start-instances'].do({ kind: 'start-instances', release, slots }, world, {})
      await steps['wait-until-ready'].do({ kind: 'wait-until-ready', release, slots }, world, {})
    }
    await shift({}, { v1: 10_000 })
  }, 60_000)
  afterAll(async () => real.dispose())

  const shift = async (from: Record<string, number>, to: Record<string, number>) =>
    steps['shift-traffic'].do({ kind: 'shift-traffic', from, to }, worldOf(tools, 'shop'), {})
  const orphans = async () => (await tools.router.read('shop'))?.orphans

  it('is kept until its last worker is gone, whose users know nothing of the drain', async () => {
    const client = await rawClient(real.port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(/v1$/)
    expect(await orphans()).toBeUndefined()

    const [supervisor] = await ownPids(real.stateDirectory)
    process.kill(supervisor ?? 0, 'SIGKILL')
    await shift({ v1: 10_000 }, { v2: 10_000 })
    expect(await orphans()).toBe(1)
    const said: string[] = []
    const data = { kind: 'drain', release: 'v1', slots } as const
    const draining = steps.drain.do(data, worldOf(tools, 'shop'), {
      report: (how) => said.push(how),
    })
    await until(
      async () => said,
      (lines) => lines.length > 0,
    )
    expect(said[0]).toBe(
      'waiting for workers of a proxy that was killed, to finish what they have (1 left)',
    )

    client.send(POST)
    expect(await client.until(/v1.*v1$/s)).toMatch(/connection: close/i)
    expect(await draining).toEqual({ kind: 'yes', note: 'everything finished' })
    expect(await orphans()).toBeUndefined()
    client.destroy()
  }, 60_000)
})

describe('a proxy that was killed while the one before it finishes what it has', () => {
  let instance: BusyInstance
  let world: ProxyUnderUpgrade
  beforeAll(async () => {
    instance = await busyInstance()
    world = await proxyUnderUpgrade(instance.routed)
  })
  afterAll(async () => {
    await world.close()
    await instance.close()
  })

  it('leaves the workers of that one to the next proxy, which tells of them until they are gone', async () => {
    const orphans = async () => (await world.router.read('shop'))?.orphans
    const client = await rawClient(world.listen.port)
    client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n')
    await client.until(/ok/)

    const heir = await world.upgrade()
    expect(await orphans()).toBeUndefined()
    process.kill(heir, 'SIGKILL')
    expect(await orphans()).toBeGreaterThan(0)

    client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n')
    expect(await client.until(/ok.*ok/s)).toMatch(/connection: close/i)
    await until(orphans, (count) => count === undefined)
    client.destroy()
  }, 60_000)

  it('leaves no worker behind when everything is ended right after', async () => {
    const client = await rawClient(world.listen.port)
    client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n')
    await client.until(/ok/)
    const workers = (await world.workers()).map((pid) => identify(pid)!)
    process.kill((await world.proxy()).pid, 'SIGKILL')
    await world.router.stop({ drainMs: 200 })
    expect(workers.filter(isAlive)).toEqual([])
    client.destroy()
  })
})
