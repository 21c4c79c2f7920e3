import type { Abortable } from '../../../core/clock.ts'
import type { DescribedRequest, Explanation } from '../../../core/explanation.ts'
import type { ServiceName } from '../../../core/names.ts'
import type { Observation } from '../../../core/incident.ts'
import { Problem } from '../../../core/problem.ts'
import type { Router } from '../../../core/router.ts'
import type { Traffic } from '../../../core/traffic.ts'
import { isNobodyThere } from '../../../lib/nobody-there.ts'
import type { ProxyStatus } from '../../../proxy/proxy-status.ts'
import type { ServiceSights } from '../../../proxy/sight/service-total.ts'
import { ask, type Call, statusOf } from './client.ts'
import { type EndOptions, endProxy } from './end-proxy.ts'
import { ensureProxy } from './ensure-proxy.ts'
import { shared } from './shared.ts'
import { proxyFiles } from './proxy-files.ts'

export interface EmbeddedRouterOptions {
  readonly stateDirectory: string
  /** How many worker processes carry the traffic; one for each processor core unless told. */
  readonly workers?: number
  /** Hears what a person may want to know, in a few words. */
  readonly log?: (event: string) => void
}

/** Midflight's own proxy as a Router. The proxy is a process of its own and goes on when this one ends. */
export interface EmbeddedRouter extends Router {
  /** Resolves when the proxy runs and obeys the routes of its last snapshot. Rejects with the reason it cannot. */
  start(options?: Abortable): Promise<void>
  /**
   * Ends the proxy: it stops listening, finishes what runs, and after `drainMs` milliseconds cuts what is left. Resolves when
   * its process is gone, also one that was only on its way up, and so are workers of one that was killed.
   */
  stop(options: EndOptions): Promise<void>
  /** Where a request would go now, and why. Nothing is sent. `undefined` for a service that is not known. */
  explain(service: ServiceName, request: DescribedRequest): Promise<Explanation | undefined>
  /** `undefined` when no proxy runs. */
  status(options?: Abortable): Promise<ProxyStatus | undefined>
}

/** A proxy that was found dead is started anew so many times for one call. */
const REVIVALS = 2

export function embeddedRouter(options: EmbeddedRouterOptions): EmbeddedRouter {
  const files = proxyFiles(options.stateDirectory)
  const { workers } = options
  // Whoever finds the proxy dead waits for the same new one: each start costs what the new one needs to come up.
  let started: Promise<unknown> = Promise.resolve()
  const start = shared((signal) => {
    const starting = ensureProxy(files, { ...(workers && { workers }), signal })
    started = Promise.allSettled([started, starting])
    return starting
  })
  const asked = (call: Call, abortable?: Abortable): Promise<unknown> =>
    ask(files.controlSocket, call, abortable)

  /** For calls that may be repeated: a proxy that is dead comes back with its last snapshot and is asked again. */
  async function revived(call: Call, abortable?: Abortable): Promise<unknown> {
    for (let revivals = 0; ; revivals += 1) {
      try {
        return await asked(call, abortable)
      } catch (error) {
        if (!isNobodyThere(error) || revivals === REVIVALS) throw error
        options.log?.('the proxy does not run; starting it')
        await start(abortable)
      }
    }
  }

  return {
    start,
    apply: async (route, abortable) => {
      await revived({ method: 'PUT', path: pathOf(route.service), body: route }, abortable)
    },
    read: async (service, abortable) => {
      const path = `${pathOf(service)}/traffic`
      return (await unlessUnknown(revived({ method: 'GET', path }, abortable))) as
        | Traffic
        | undefined
    },
    explain: async (service, request) => {
      const path = `${pathOf(service)}/explain`
      return (await unlessUnknown(revived({ method: 'POST', path, body: request }))) as
        | Explanation
        | undefined
    },
    observe: async (service, cursor, abortable) => {
      const path = `${pathOf(service)}/sights?since=${cursor}`
      const seen = await unlessUnknown(revived({ method: 'GET', path }, abortable))
      return seen === undefined ? undefined : observationIn(seen as ServiceSights)
    },
    remove: async (service, abortable) => {
      await revived({ method: 'DELETE', path: pathOf(service) }, abortable)
    },
    stop: async (how) => {
      await started
      await endProxy(files, how)
    },
    status: (abortable) => statusOf(files.controlSocket, abortable),
  }
}

function observationIn({ cursor, releases, incidents = [] }: ServiceSights): Observation {
  return { cursor, releases, incidents }
}

const pathOf = (service: string): string => `/routes/${encodeURIComponent(service)}`

async function unlessUnknown(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Problem && error.code === 'proxy-knows-not') return undefined
    throw error
  }
}
