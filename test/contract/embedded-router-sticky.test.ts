import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { Route } from '../../src/core/route.ts'
import type { TrafficSpec } from '../../src/core/service.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { type Jar, visits } from '../support/jars.ts'
import {
  freeAddress,
  healthOf,
  testInstance,
  testRoute,
  until,
  type TestInstance,
} from './router-world.ts'

const STICKY: TrafficSpec = { sticky: { by: { kind: 'cookie' }, forMs: 0, scope: 'instance' } }

let stateDirectory: string
let router: EmbeddedRouter
let listen: Address
let instances: readonly TestInstance[]

const route = (traffic: TrafficSpec): Route => ({
  ...testRoute(
    listen,
    { v1: 5000, v2: 5000 },
    instances.map(({ routed }) => routed),
  ),
  traffic,
  roles: { stable: 'v1', candidate: 'v2' },
})

beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'midflight-router-'))
  instances = await Promise.all(['v1', 'v2'].map(async (release) => testInstance(release)))
  listen = await freeAddress()
  router = embeddedRouter({ stateDirectory, workers: 2 })
})
afterEach(async () => {
  await router.stop({ drainMs: 0 })
  for (const instance of instances) await instance.close()
  await rm(stateDirectory, { recursive: true })
})

async function allUp(): Promise<void> {
  for (const { routed } of instances)
    await until(async () => (await healthOf(router, routed.id)) === 'up')
}

const visit = async (jar: Jar) => (await visits(listen.port, [jar]))[0]!

it('knows its users again in every worker, and after it was killed', async () => {
  await router.apply(route(STICKY))
  await allUp()
  const jar: Jar = {}
  const { by } = await visit(jar)
  const again = async () => {
    for (let count = 0; count < 10; count += 1)
      expect(await visit(jar)).toMatchObject({ status: 200, by, cookie: undefined })
  }
  await again()
  const { pid = 0, workers = [] } = (await router.status()) ?? {}
  for (const each of [pid, ...workers.map((worker) => worker.pid)]) process.kill(each, 'SIGKILL')
  await router.read('shop')
  await allUp()
  await again()
})

it('keeps the key that signs cookies to itself', async () => {
  await router.apply(route(STICKY))
  await allUp()
  const path = join(stateDirectory, 'proxy', 'sticky.key')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const key = (await readFile(path, 'utf8')).trim()
  expect(key.length).toBeGreaterThan(40)
  const entries = await readdir(stateDirectory, { recursive: true, withFileTypes: true })
  const others = entries.filter((entry) => entry.isFile() && entry.name !== 'sticky.key')
  expect(others.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['proxy.log', 'snapshot.json', 'snapshot.journal']),
  )
  for (const { parentPath, name } of others)
    expect(await readFile(join(parentPath, name), 'utf8')).not.toContain(key)
})

it('refuses rules that it cannot obey, and goes on with those it had', async () => {
  const rule = { when: { methods: ['GET'] }, to: { release: 'v2' } }
  await router.apply(route({ rules: [rule] }))
  await allUp()
  const pattern = { kind: 'pattern', value: '(' } as const
  await expect(
    router.apply(route({ rules: [rule, { when: { path: pattern }, to: 'stable' }] })),
  ).rejects.toMatchObject({ code: 'route-faulty', data: { place: 'rules[1].when.path' } })
  await expect(
    router.apply(
      route({
        rules: [{ when: { countries: ['DE'] }, to: 'stable' }],
        lookups: { countryFile: join(stateDirectory, 'none.mmdb') },
      }),
    ),
  ).rejects.toMatchObject({ code: 'country-data-unreadable' })
  for (let count = 0; count < 10; count += 1) expect((await visit({})).by).toBe('v2')
})

it('explains a request as it then answers it', async () => {
  await router.apply(route(STICKY))
  await allUp()
  const jar: Jar = {}
  const { by } = await visit(jar)
  const headers = [['Cookie', jar.cookie ?? '']] as const
  const request = { method: 'GET', path: '/', headers, client: '127.0.0.1' }
  const explained = await router.explain('shop', request)
  expect(explained).toMatchObject({ decidedBy: 'cohort', release: by, instance: `shop.${by}.0` })
  expect(await router.explain('nothing', request)).toBeUndefined()
})
