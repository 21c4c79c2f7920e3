import { join } from 'node:path'
import type { Logger } from 'pino'
import { type ApiAddress, serveApi } from './api/server.ts'
import { controllerLog } from './app/controller-log.ts'
import { gates } from './app/gates.ts'
import { readAccessLog } from './app/read-access-log.ts'
import { readLogs } from './app/read-logs.ts'
import { rotation } from './app/rotation.ts'
import { checkPathLength, makeStateDirectory } from './app/state-directory.ts'
import type { StopSpec } from './core/service.ts'
import { emailNotifier } from './drivers/notifiers/email/email-notifier.ts'
import { slackNotifier } from './drivers/notifiers/slack/slack-notifier.ts'
import { webhookNotifier } from './drivers/notifiers/webhook/webhook-notifier.ts'
import { embeddedRouter, type EmbeddedRouter } from './drivers/routers/embedded/router.ts'
import { processRuntime } from './drivers/runtimes/process/runtime.ts'
import { processWorkshop } from './drivers/runtimes/process/workshop.ts'
import { machineOf } from './preflight/machine-of.ts'
import { preflight } from './preflight/preflight.ts'
import { Controller } from './engine/controller.ts'
import type { Tools } from './engine/tools.ts'
import { judging } from './judge/judging.ts'
import { turns } from './lib/turns.ts'
import { systemClock } from './lib/system-clock.ts'
import { steps } from './steps/all.ts'
import { lockState } from './store/lock.ts'
import { openStore, type Store } from './store/store.ts'
import { blueGreen } from './strategies/blue-green.ts'
import { canary } from './strategies/canary.ts'
import { rolling } from './strategies/rolling.ts'
import { withGates } from './strategies/with-gates.ts'

/** The composition root: the one place that knows every driver, strategy and step. */
export interface AppOptions {
  readonly stateDirectory: string
  readonly version: string
  /** Workers of the proxy; one a core when left out. */
  readonly workers?: number
  readonly tcp?: NonNullable<ApiAddress['tcp']>
}

export interface App {
  /** Resolves when the controller has ended, by `stop` or by a `down` over the API. */
  readonly ended: Promise<void>
  /** Ends this controller only; instances and traffic go on. */
  stop(): Promise<void>
  /** Ends the services, the proxy, and this controller. */
  down(): Promise<void>
}

/** Starts the controller on a state directory: lock, store, proxy, everything unfinished, API. Rejects with a Problem. */
export async function startApp(options: AppOptions): Promise<App> {
  const { stateDirectory } = options
  checkPathLength(stateDirectory)
  makeStateDirectory(stateDirectory)
  const lock = await lockState(stateDirectory)
  try {
    const log = controllerLog(stateDirectory)
    const store = openStore(stateDirectory, systemClock)
    const { tools, router } = compose(options, store, log)
    await router.start()
    const controller = new Controller(tools)
    await controller.start()
    log.info({ version: options.version }, 'controller started')
    return await runningApp({ options, lock, store, tools, router, controller, log })
  } catch (error) {
    lock.release()
    throw error
  }
}

function compose(
  options: AppOptions,
  store: Store,
  log: Logger,
): { tools: Tools; router: EmbeddedRouter } {
  const { stateDirectory, workers } = options
  const clock = systemClock
  const runtime = processRuntime({ stateDirectory, clock })
  const router = embeddedRouter({ stateDirectory, ...(workers !== undefined && { workers }) })
  const workshop = processWorkshop({ stateDirectory, clock, runtime })
  const inTurn = turns()
  const tools: Tools = {
    ...store,
    runtime,
    router,
    clock,
    steps,
    judge: judging,
    notifiers: { webhook: webhookNotifier(clock), slack: slackNotifier, email: emailNotifier },
    workshop,
    preflight: preflight({ runtime, workshop, clock, machine: machineOf(stateDirectory) }),
    strategies: {
      rolling: withGates(rolling),
      'blue-green': withGates(blueGreen),
      canary: withGates(canary),
    },
    gates: gates(clock),
    exclusive: (service) => async (work) => inTurn(service, work),
    log: (message, data) => {
      log.info(data ?? {}, message)
    },
  }
  return { tools, router }
}

interface Parts {
  readonly options: AppOptions
  readonly lock: { release: () => void }
  readonly store: Store
  readonly tools: Tools
  readonly router: EmbeddedRouter
  readonly controller: Controller
  readonly log: Logger
}

async function runningApp(parts: Parts): Promise<App> {
  const { options, lock, store, tools, router, controller, log } = parts
  const { stateDirectory } = options
  const over = Promise.withResolvers<void>()
  const rotating = rotation(stateDirectory, (error) => {
    log.error({ error: String(error) }, 'logs could not be rotated')
  })

  const stop = async () => {
    rotating.stop()
    await controller.stop()
    await api.close()
    store.close()
    lock.release()
    log.info('controller stopped')
    over.resolve()
  }
  const endServices = async () => {
    await controller.stop()
    await takeDown(tools, router)
  }
  const api = await serveApi(
    {
      controller,
      version: options.version,
      logs: readLogs(tools, stateDirectory),
      accessLog: readAccessLog(stateDirectory, tools.clock),
      explain: (service, request) => router.explain(service, request),
      down: async () => {
        await endServices()
        setImmediate(() => void stop())
      },
      log: (error) => {
        log.error({ error: error instanceof Error ? error.stack : String(error) }, 'unexpected')
      },
    },
    { socketPath: join(stateDirectory, 'api.sock'), ...(options.tcp && { tcp: options.tcp }) },
  )
  return {
    ended: over.promise,
    stop,
    down: async () => {
      await endServices()
      await stop()
    },
  }
}

/** For an instance whose release is not known any more, as after a loss of the store: the file's defaults. */
const STOP: StopSpec = { drainMs: 30_000, signal: 'SIGTERM', killMs: 10_000 }

/**
 * Ends everything that runs, whether or not the store knows it: first nobody new is let in and what runs may finish,
 * then the instances end.
 */
async function takeDown({ releases, runtime }: Tools, router: EmbeddedRouter): Promise<void> {
  const ends = await Promise.all(
    (await runtime.list()).map(async ({ id, service, release }) => ({
      id,
      stop: (await releases.read(service, release))?.spec.stop ?? STOP,
    })),
  )
  await router.stop({ drainMs: Math.max(0, ...ends.map(({ stop }) => stop.drainMs)) })
  await Promise.all(ends.map(async ({ id, stop }) => runtime.stop(id, stop)))
}
