import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive } from '../../src/lib/process-identity.ts'
import { busyInstance, type BusyInstance } from '../support/busy-instance.ts'
import { proxyUnderUpgrade, type ProxyUnderUpgrade } from '../support/proxy-under-upgrade.ts'
import { rawClient, type RawClient } from '../support/raw-client.ts'
import { get, healthOf, until } from './router-world.ts'

const GET = 'GET / HTTP/1.1\r\nHost: shop\r\n\r\n'
const ANSWER = /^HTTP\/1\.1 200 [^]*\r\n\r\n(?:2\r\n)?ok/
const UPGRADE =
  'GET /chat HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
/** RFC 6455 §7.4.1 and its registry: a Close with the code 1012. */
const SERVICE_RESTART = '\u0003\u00f4'
const HALF = 'x'.repeat(32_768)
const UPLOAD = `POST /upload HTTP/1.1\r\nHost: shop\r\nContent-Length: ${2 * HALF.length}\r\n\r\n`

let instance: BusyInstance
let world: ProxyUnderUpgrade

beforeEach(async () => {
  instance = await busyInstance()
  world = await proxyUnderUpgrade(instance.routed)
})
afterEach(async () => {
  await world.close()
  await instance.close()
})

/** So many connections that have sent this and got that. */
async function connections(count: number, text: string, answer?: RegExp): Promise<RawClient[]> {
  const clients: RawClient[] = []
  for (let done = 0; done < count; done += 50) {
    const some = Array.from({ length: Math.min(50, count - done) }, async () => {
      const client = await rawClient(world.listen.port)
      client.send(text)
      if (answer) await client.until(answer)
      return client
    })
    clients.push(...(await Promise.all(some)))
  }
  return clients
}

/** On the same connection; on a new one where the proxy has closed it, which must have been by FIN. */
async function askAgain(client: RawClient): Promise<void> {
  if (!client.socket.readableEnded) client.send(GET)
  const isAnswered = await client.until(/ok[^]*ok/).then(
    () => true,
    () => false,
  )
  if (isAnswered) return
  expect(await client.over()).toBe('end')
  expect(await get(world.listen, '/')).toBe('ok')
}

/** New connections all the time, until told to end; resolves with how many requests there were, or why one failed. */
function newcomers(): () => Promise<number> {
  const over = new AbortController()
  let count = 0
  const one = async () => {
    while (!over.signal.aborted) {
      expect(await get(world.listen, '/')).toBe('ok')
      count += 1
    }
  }
  const all = Promise.all(Array.from({ length: 10 }, one))
  all.catch(() => undefined)
  return async () => {
    over.abort()
    await all
    return count
  }
}

/** The workers take no connection for a while: those that come wait in the queue of the socket. */
async function blocked(workers: readonly number[], ms: number): Promise<void> {
  for (const pid of workers) process.kill(pid, 'SIGSTOP')
  await sleep(ms)
  for (const pid of workers) process.kill(pid, 'SIGCONT')
}

const requests = async () => (await world.router.read('shop'))?.counts['v1']?.requests ?? 0

describe('an upgrade under a thousand connections, and another one at once', () => {
  it('costs nobody anything: what is open finishes on the proxy it is on', async () => {
    const idle = await connections(1_000, GET, ANSWER)
    const sockets = await connections(200, UPGRADE, / 101 /)
    const uploads = await connections(50, UPLOAD + HALF)
    await until(() => instance.received() === 50 * HALF.length)
    const over = newcomers()
    const first = await world.proxy()
    const queue = blocked(await world.workers(), 400)
    await world.upgrade()
    const second = await world.proxy()
    expect(second.pid).not.toBe(first.pid)
    await world.upgrade()
    await queue
    expect((await world.proxy()).pid).not.toBe(second.pid)
    expect([isAlive(first), isAlive(second)]).toEqual([true, true])

    const newOnes = await over()
    expect(newOnes).toBeGreaterThan(0)
    await Promise.all(idle.map(askAgain))
    for (const client of sockets) client.send('still here')
    for (const client of sockets) await client.until(/still here$/)
    for (const client of uploads) client.send(HALF)
    for (const client of uploads) await client.until(new RegExp(`got ${2 * HALF.length}`))
    await until(async () => (await requests()) >= 2_000 + 200 + 50 + newOnes)

    for (const client of [...idle, ...sockets, ...uploads]) client.destroy()
    await until(() => !isAlive(first) && !isAlive(second))
    expect(await healthOf(world.router, instance.routed.id)).toBe('up')
    expect(await requests()).toBeGreaterThanOrEqual(2_000 + 200 + 50 + newOnes)
  })
})

describe('an upgrade', () => {
  it('is over for the old proxy at the latest when its connections have had their time, of which WebSockets are told before', async () => {
    const [socket] = await connections(1, UPGRADE, / 101 /)
    const old = await world.proxy()
    await world.upgrade({ drainMs: 300 })
    expect(await socket!.until(/come back, another one is here$/)).toContain(SERVICE_RESTART)
    await until(() => !isAlive(old))
    expect(await socket!.over()).toBeDefined()
    await until(async () => (await world.router.status())?.draining.length === 0)
  })

  it('lets the connections of the old proxy follow the routes of the new one', async () => {
    // A head that is not whole yet: the instance is chosen when it is.
    const [client] = await connections(1, GET.slice(0, -2))
    await world.upgrade()
    const other = await busyInstance()
    const routed = { ...other.routed, id: 'shop.v2.0', release: 'v2' }
    await world.router.apply({ ...world.route, weights: { v2: 10_000 }, instances: [routed] })
    await until(async () => (await healthOf(world.router, 'shop.v2.0')) === 'up')
    await instance.close()
    client!.send('\r\n')
    await client!.until(ANSWER)
    await other.close()
  })

  it('carries health over: nobody waits for the first check', async () => {
    await world.upgrade()
    expect(await healthOf(world.router, instance.routed.id)).toBe('up')
    expect((await world.router.read('shop'))?.route).toEqual(world.route)
  })

  it('ends both proxies when the new one is stopped', async () => {
    const [socket] = await connections(1, UPGRADE, / 101 /)
    const old = await world.proxy()
    await world.upgrade()
    await world.router.stop({ drainMs: 0 })
    await socket!.over()
    await until(async () => !isAlive(old) && (await world.router.status()) === undefined)
  })
})

describe('an upgrade that fails', () => {
  it('because the new proxy crashes at the start leaves the old one in force, with every connection', async () => {
    const idle = await connections(50, GET, ANSWER)
    const over = newcomers()
    const old = await world.proxy()
    const program = await world.programThat('throw new Error("no")')
    await expect(world.upgrade({ program })).rejects.toMatchObject({
      code: 'upgrade-failed',
      message: expect.stringContaining('it ended with exit status 1'),
    })
    expect(await world.proxy()).toEqual(old)
    expect(await over()).toBeGreaterThan(0)
    await Promise.all(idle.map(askAgain))
  })

  it('because the new proxy hangs is given up when its time is over', async () => {
    const over = newcomers()
    const old = await world.proxy()
    const program = await world.programThat('setInterval(() => undefined, 1_000)')
    await expect(world.upgrade({ program, withinMs: 500 })).rejects.toMatchObject({
      code: 'upgrade-failed',
      message: expect.stringContaining('it was not ready within 0.5s'),
    })
    expect(await world.proxy()).toEqual(old)
    expect(await over()).toBeGreaterThan(0)
  })

  it('because the new proxy hangs after it was let in gives everything back to the old one', async () => {
    const program = await world.programThat(`
      process.on('message', ({ kind }) => kind === 'estate' && process.send({ kind: 'ready' }))`)
    const old = await world.proxy()
    await expect(world.upgrade({ program, withinMs: 1_000 })).rejects.toMatchObject({
      code: 'upgrade-failed',
    })
    expect(await world.proxy()).toEqual(old)
    await world.router.apply({ ...world.route, limits: { ...world.route.limits, holdMs: 1 } })
    expect(await get(world.listen, '/')).toBe('ok')
    await world.upgrade()
  })
})
