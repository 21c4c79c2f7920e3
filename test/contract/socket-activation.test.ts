import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { bindSocket, type ListeningSocket } from '../../src/proxy/listening-socket.ts'
import { rawClient } from '../support/raw-client.ts'
import {
  freeAddress,
  get,
  testInstance,
  testRoute,
  until,
  type TestInstance,
} from './router-world.ts'

const source = (path: string) => join(import.meta.dirname, '../../src', path)

let stateDirectory: string
let router: EmbeddedRouter
let v1: TestInstance
let started: ChildProcess | undefined

beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'midflight-activation-'))
  router = embeddedRouter({ stateDirectory, workers: 2 })
  v1 = await testInstance('v1')
})
afterEach(async () => {
  if (started && started.exitCode === null && started.signalCode === null) {
    const gone = once(started, 'exit')
    started.kill('SIGTERM')
    await gone
  }
  started = undefined
  await router.stop({ drainMs: 0 })
  await v1.close()
  await rm(stateDirectory, { recursive: true })
})

const routeOn = (listen: Address) => testRoute(listen, { v1: 10_000 }, [v1.routed])

const { error } = spawnSync('systemd-socket-activate', ['--version'])
const why = error ? ' (systemd-socket-activate is not there)' : ''

describe.skipIf(error)(`a proxy that systemd starts with its socket${why}`, () => {
  it('takes the connection that it was started for, and binds nothing itself', async () => {
    const listen = await freeAddress()
    const place = `${listen.host}:${listen.port}`
    const program = [
      process.execPath,
      source('proxy/main.ts'),
      '--state',
      stateDirectory,
      '--workers',
      '1',
    ]
    started = spawn('systemd-socket-activate', ['-l', place, ...program], { stdio: 'ignore' })
    let client: Awaited<ReturnType<typeof rawClient>> | undefined
    await until(
      async () => (client = await rawClient(listen.port).catch(() => undefined)) !== undefined,
    )
    client?.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n')
    await until(async () => (await router.status()) !== undefined)
    await router.apply(routeOn(listen))
    await client?.until(/v1/)
    client?.destroy()
    await router.remove('shop')
    await router.apply(routeOn(listen))
    expect(await get(listen, '/')).toBe('v1')
  })
})

describe('a proxy whose controller was given sockets', () => {
  // It plays systemd: it has the socket, and accepts nothing.
  let holder: ListeningSocket
  let listen: Address

  beforeEach(async () => {
    listen = await freeAddress()
    holder = await bindSocket(listen)
  })
  afterEach(() => holder.close())

  it('may be killed without one connection being refused: they wait for the next one', async () => {
    await controller()
    await router.apply(routeOn(listen))
    expect(await get(listen, '/')).toBe('v1')
    const { pid = 0 } = (await router.status()) ?? {}
    process.kill(pid, 'SIGKILL')
    const answers = await Promise.all(Array.from({ length: 50 }, () => get(listen, '/')))
    expect(new Set(answers)).toEqual(new Set(['v1']))
    expect((await router.status())?.pid).not.toBe(pid)
  })

  /** A process that keeps the proxy running, with the holder's socket as its descriptor 3. */
  async function controller(): Promise<void> {
    const program = `
      const { embeddedRouter } = await import(${JSON.stringify(source('drivers/routers/embedded/router.ts'))})
      const router = embeddedRouter({ stateDirectory: ${JSON.stringify(stateDirectory)}, workers: 2 })
      let over = false
      // A start that is cut off leaves a proxy behind that is still on its way up.
      process.on('SIGTERM', () => { over = true })
      while (!over) {
        await router.start()
        await new Promise((resolve) => setTimeout(resolve, 50))
      }`
    const fd = Reflect.get(holder.handle as object, 'fd') as number
    const shell = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" --input-type=module -e "$1"'
    started = spawn('sh', ['-c', shell, process.execPath, program], {
      stdio: ['ignore', 'inherit', 'inherit', fd],
    })
    await until(async () => (await router.status()) !== undefined)
  }
})
