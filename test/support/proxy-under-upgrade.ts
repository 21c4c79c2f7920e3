import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from '../../src/core/address.ts'
import type { Route, RouteInstance } from '../../src/core/route.ts'
import type { TrafficSpec } from '../../src/core/service.ts'
import { ask } from '../../src/drivers/routers/embedded/client.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { identify, type ProcessIdentity } from '../../src/lib/process-identity.ts'
import { freeAddress, healthOf, testRoute, until } from '../contract/router-world.ts'

const MAIN = join(import.meta.dirname, '../../src/proxy/main.ts')

/** A proxy of two workers that serves `shop` from one instance, and can be replaced. */
export interface ProxyUnderUpgrade {
  readonly router: EmbeddedRouter
  readonly listen: Address
  readonly route: Route
  /** Resolves with the pid of the new proxy. */
  upgrade(options?: UpgradeOptions): Promise<number>
  /** The proxy that answers now. */
  proxy(): Promise<ProcessIdentity>
  workers(): Promise<readonly number[]>
  /** A program to upgrade to. */
  programThat(does: string): Promise<string>
  close(): Promise<void>
}

interface UpgradeOptions {
  readonly program?: string
  readonly withinMs?: number
  readonly drainMs?: number
}

export async function proxyUnderUpgrade(
  instance: RouteInstance,
  traffic?: TrafficSpec,
): Promise<ProxyUnderUpgrade> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'midflight-upgrade-'))
  const listen = await freeAddress()
  const router = embeddedRouter({ stateDirectory, workers: 2 })
  const plain = testRoute(listen, { v1: 10_000 }, [instance])
  const route = traffic ? { ...plain, traffic } : plain
  await router.apply(route)
  await until(async () => (await healthOf(router, instance.id)) === 'up')
  return {
    router,
    listen,
    route,
    upgrade: async ({ program = MAIN, withinMs = 30_000, drainMs = 30_000 } = {}) => {
      const body = { node: process.execPath, program, withinMs, drainMs }
      const call = { method: 'POST', path: '/upgrade', body } as const
      const answer = await ask(join(stateDirectory, 'proxy/control.sock'), call)
      return (answer as { pid: number }).pid
    },
    proxy: async () => identify((await router.status())?.pid ?? 0)!,
    workers: async () => ((await router.status())?.workers ?? []).map(({ pid }) => pid),
    programThat: async (does) => {
      const path = join(stateDirectory, 'proxy.mjs')
      await writeFile(path, does)
      return path
    },
    close: async () => {
      await router.stop({ drainMs: 0 })
      await rm(stateDirectory, { recursive: true })
    },
  }
}
