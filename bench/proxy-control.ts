import { setTimeout } from 'node:timers/promises'
import type { Route } from '../src/core/route.ts'
import type { Traffic } from '../src/core/traffic.ts'
import { ask } from '../src/drivers/routers/embedded/client.ts'
import { proxyFiles } from '../src/drivers/routers/embedded/proxy-files.ts'
import { isNobodyThere } from '../src/lib/nobody-there.ts'

const PATIENCE_MS = 10_000

/** The control socket of a proxy that was started here. The router would start another one if this one died. */
export interface ProxyControl {
  /** Rejects when the proxy does not answer in time. */
  untilItAnswers(): Promise<void>
  /** Resolves when the route is on the disk and obeyed. */
  apply(route: Route): Promise<void>
  traffic(service: string): Promise<Traffic>
  /** Resolves when every instance of the service is up. */
  untilUp(service: string): Promise<void>
  /** Their pids, the eldest first. */
  workers(): Promise<readonly number[]>
}

export function proxyControl(stateDirectory: string): ProxyControl {
  const { controlSocket } = proxyFiles(stateDirectory)
  const get = (path: string) => ask(controlSocket, { method: 'GET', path })
  const traffic = async (service: string) => (await get(`/routes/${service}/traffic`)) as Traffic
  return {
    traffic,
    untilItAnswers: () => until(() => answers(get('/status'))),
    apply: async (route) => {
      await ask(controlSocket, { method: 'PUT', path: `/routes/${route.service}`, body: route })
    },
    untilUp: (service) =>
      until(async () => {
        const { instances } = await traffic(service)
        return instances.every((instance) => instance.health === 'up')
      }),
    workers: async () => {
      const { workers } = (await get('/status')) as { workers: readonly { pid: number }[] }
      return workers.map((worker) => worker.pid)
    },
  }
}

async function answers(asking: Promise<unknown>): Promise<boolean> {
  try {
    await asking
    return true
  } catch (error) {
    if (isNobodyThere(error)) return false
    throw error
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('it did not come up in time')
    await setTimeout(20)
  }
}
