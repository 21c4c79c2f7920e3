import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Route, RouteInstance } from '../../src/core/route.ts'
import type { LimitSpec, ReadySpec, TrafficSpec } from '../../src/core/service.ts'
import type { Traffic } from '../../src/core/traffic.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { freeAddress } from '../contract/router-world.ts'
import { childApp, type ChildApp } from './child-app.ts'
import { LIMITS } from './plane-under-test.ts'
import { until } from './until.ts'

/** What `apps/release.ts` remembers. */
export interface ReleaseReport {
  readonly asked: readonly { readonly what: string; readonly atMs: number }[]
  readonly seen: { readonly bytes: number; readonly broken: number }
  /** How its WebSockets were closed. */
  readonly codes: readonly number[]
  /** How many connections users came over. */
  readonly connections: number
}

/** A process that plays an instance. */
export interface AppInstance<Report> extends ChildApp<Report> {
  readonly routed: RouteInstance
}

/** How the route treats its traffic. */
export interface Treatment {
  readonly limits?: Partial<LimitSpec>
  readonly traffic?: TrafficSpec
  readonly ready?: Partial<ReadySpec>
  readonly held?: Route['held']
  /** All to the release of the first instance that serves, unless said. */
  readonly weights?: Route['weights']
}

/** A supervisor and two workers that serve `shop`. */
export interface ProxyOfTwo {
  readonly router: EmbeddedRouter
  readonly port: number
  /** Resolves when every worker obeys. */
  route(instances: readonly RouteInstance[], how?: Treatment): Promise<void>
  /** As `route`, and every worker knows that every instance that serves is ready. */
  serve(instances: readonly RouteInstance[], how?: Treatment): Promise<void>
  traffic(): Promise<Traffic>
  /** Resolves when the traffic is as wanted. */
  until(wanted: (traffic: Traffic) => boolean): Promise<Traffic>
  workers(): Promise<readonly number[]>
  /** Bytes of memory that the workers use together. */
  memory(): Promise<number>
  /**
   * Does it once for each worker, while the others stand still. A connection is open before a worker has accepted it, so
   * `connect` waits until it is seen: by an answer, or in the traffic.
   */
  throughEach<T>(connect: () => Promise<T>): Promise<T[]>
}

/** Starts the app `name` of `apps/` as an instance of `release`. It ends with the test. */
export async function appInstance<Report = ReleaseReport>(
  release: string,
  { app = 'release', slot = 0, args = [release] }: AppPlan = {},
): Promise<AppInstance<Report>> {
  const child = await childApp<Report>(app, ...args)
  onTestFinished(() => child.kill())
  const address = { host: '127.0.0.1', port: child.port }
  const generation = `${release}-${slot}-${child.pid}`
  return {
    ...child,
    routed: { id: `shop.${release}.${slot}`, release, address, state: 'serving', generation },
  }
}

interface AppPlan {
  readonly app?: string
  readonly slot?: number
  readonly args?: readonly string[]
}

export const draining = ({ routed }: { routed: RouteInstance }): RouteInstance => ({
  ...routed,
  state: 'draining',
})

/** It ends with the test. */
export async function proxyOfTwo(): Promise<ProxyOfTwo> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'midflight-hard-'))
  const listen = await freeAddress()
  const router = embeddedRouter({ stateDirectory, workers: 2 })
  onTestFinished(async () => {
    await router.stop({ drainMs: 0 })
    await rm(stateDirectory, { recursive: true })
  })
  await router.start()
  const traffic = async () => (await router.read('shop'))!
  const workers = async () => (await router.status())!.workers.map(({ pid }) => pid)
  const self: ProxyOfTwo = {
    router,
    port: listen.port,
    route: (instances, how = {}) => router.apply(routeOf(listen, instances, how)),
    serve: async (instances, how = {}) => {
      await self.route(instances, how)
      const serving = instances.filter(({ state }) => state === 'serving').map(({ id }) => id)
      await self.until((now) =>
        now.instances.every(({ id, health }) => health === 'up' || !serving.includes(id)),
      )
      // A change is answered when the workers obey it, and have heard all that was said before: also who is ready.
      const keepAliveMs = LIMITS.keepAliveMs + 1
      await self.route(instances, { ...how, limits: { ...how.limits, keepAliveMs } })
    },
    traffic,
    until: (wanted) => until(traffic, wanted),
    workers,
    memory: async () => {
      const each = (await workers()).map(residentBytes)
      return (await Promise.all(each)).reduce((sum, bytes) => sum + bytes, 0)
    },
    throughEach: async <T>(connect: () => Promise<T>) => {
      const all: T[] = []
      for (const one of await workers()) {
        const others = (await workers()).filter((pid) => pid !== one)
        for (const pid of others) process.kill(pid, 'SIGSTOP')
        try {
          all.push(await connect())
        } finally {
          for (const pid of others) process.kill(pid, 'SIGCONT')
        }
      }
      return all
    },
  }
  return self
}

async function residentBytes(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))!
  return Number(kilobytes) * 1024
}

function routeOf(
  listen: Route['listen'],
  instances: readonly RouteInstance[],
  { limits, traffic, ready, held, weights }: Treatment,
): Route {
  const release = instances.find(({ state }) => state === 'serving')?.release
  return {
    service: 'shop',
    listen,
    weights: weights ?? (release === undefined ? {} : { [release]: 10_000 }),
    instances,
    ready: {
      path: '/up',
      intervalMs: 50,
      timeoutMs: 2000,
      up: 1,
      down: 3,
      startupMs: 10_000,
      ...ready,
    },
    limits: { ...LIMITS, ...limits },
    ...(traffic && { traffic }),
    ...(held && { held }),
  }
}
