import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gates } from '../../src/app/gates.ts'
import type { Release } from '../../src/core/release.ts'
import type { ServiceSpec } from '../../src/core/service.ts'
import { emailNotifier } from '../../src/drivers/notifiers/email/email-notifier.ts'
import { slackNotifier } from '../../src/drivers/notifiers/slack/slack-notifier.ts'
import { webhookNotifier } from '../../src/drivers/notifiers/webhook/webhook-notifier.ts'
import { embeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { processRuntime } from '../../src/drivers/runtimes/process/runtime.ts'
import { processWorkshop } from '../../src/drivers/runtimes/process/workshop.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { removeSealed } from '../../src/lib/remove-sealed.ts'
import { judging } from '../../src/judge/judging.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { turns } from '../../src/lib/turns.ts'
import { steps } from '../../src/steps/all.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { blueGreen } from '../../src/strategies/blue-green.ts'
import { canary } from '../../src/strategies/canary.ts'
import { rolling } from '../../src/strategies/rolling.ts'
import { withGates } from '../../src/strategies/with-gates.ts'
import { aServiceIn } from './a-release.ts'
import { freePort } from '../../src/lib/free-port.ts'

const APP = `require('node:http').createServer((q, s) => s.end(process.env.MIDFLIGHT_RELEASE)).listen(process.env.PORT, '127.0.0.1')`

/** Real processes, a real proxy and a real store, for tests of what the engine does with them. */
export interface RealWorld {
  readonly port: number
  readonly stateDirectory: string
  /** The tools as a controller has them; a new call is a new controller, and the one before is overtaken. */
  tools(): Tools & Store
  /** A release of a small web app that answers with its own name. */
  release(
    id: string,
    set: Pick<ServiceSpec, 'rollout'> &
      Partial<Pick<ServiceSpec, 'instances' | 'reach' | 'traffic'>>,
  ): Promise<Release>
  dispose(): Promise<void>
}

export async function realWorld(): Promise<RealWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'midflight-world-'))
  const app = join(folder, 'app')
  const stateDirectory = join(folder, 's')
  const clock = systemClock
  const runtime = processRuntime({ stateDirectory, clock })
  const router = embeddedRouter({ stateDirectory, workers: 1 })
  const workshop = processWorkshop({ stateDirectory, clock, runtime })
  const port = await freePort()
  await router.start()
  const stores: Store[] = []
  const inTurn = turns()
  return {
    port,
    stateDirectory,
    tools: () => {
      const store = openStore(stateDirectory, clock)
      stores.push(store)
      return {
        ...store,
        runtime,
        router,
        workshop,
        clock,
        steps,
        judge: judging,
        notifiers: { webhook: webhookNotifier(clock), slack: slackNotifier, email: emailNotifier },
        preflight: {
          look: async ({ release: { service } }) => ({ doubts: [], demand: { service } }),
          lookTogether: async () => [],
          sweep: async () => undefined,
        },
        strategies: {
          rolling: withGates(rolling),
          'blue-green': withGates(blueGreen),
          canary: withGates(canary),
        },
        gates: gates(clock),
        exclusive: (service) => async (work) => inTurn(service, work),
        log: () => undefined,
      }
    },
    release: async (id, set) => {
      await writeApp(app)
      const listen = { host: '127.0.0.1', port }
      const ready = {
        path: '/',
        intervalMs: 50,
        timeoutMs: 1_000,
        up: 1,
        down: 2,
        startupMs: 10_000,
      }
      return workshop.make(aServiceIn(app, { listen, ready, instances: 1, ...set }), id)
    },
    dispose: async () => {
      for (const instance of await runtime.list()) {
        await runtime.stop(instance.id, { drainMs: 0, signal: 'SIGTERM', killMs: 1_000 })
      }
      await router.stop({ drainMs: 0 })
      for (const store of stores) store.close()
      await removeSealed(folder)
    },
  }
}

async function writeApp(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'server.js'), APP)
}
