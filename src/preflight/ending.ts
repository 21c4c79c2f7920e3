import type { Abortable } from '../core/clock.ts'
import type { Instance } from '../core/instance.ts'
import type { Release } from '../core/release.ts'
import { askStatus } from './ask-status.ts'
import { asksByHttp } from './asks-by-http.ts'
import { beginRequest } from './running-request.ts'
import type { PreflightTools } from './preflight-tools.ts'

/** How an instance ended that was asked to. */
export interface Ending {
  /** Whether the request was answered that ran on it; unset where none could be begun. */
  readonly hasFinished?: boolean
  /** It did not end within `stop.killMs`. */
  readonly wasKilled: boolean
  readonly ms: number
}

/** For so long a request goes on after the signal. */
const RUNS_ON_MS = 250

/** Ends the instance by its own signal while a request runs on it. */
export async function endingOf(
  instance: Instance,
  away: Release,
  { runtime, clock }: PreflightTools,
  options: Abortable,
): Promise<Ending> {
  const { stop } = away.spec
  const request = asksByHttp(away.spec) ? await requestOn(instance, away, options) : undefined
  const begun = clock.steadyNow()
  const stopping = runtime.stop(instance.id, stop, options)
  const finishing = (async () => {
    await clock.sleep(Math.min(RUNS_ON_MS, stop.killMs / 2), options)
    return request?.finish(Math.max(1, stop.killMs))
  })()
  const [, hasFinished] = await Promise.all([stopping, finishing])
  const ms = clock.steadyNow() - begun
  return { ...(hasFinished !== undefined && { hasFinished }), wasKilled: ms >= stop.killMs, ms }
}

/** A request that the app has certainly begun to read: it has answered one that came later. */
async function requestOn(instance: Instance, { service, spec }: Release, options: Abortable) {
  const question = { service, path: spec.ready.path }
  const asking = { ...options, timeoutMs: spec.ready.timeoutMs }
  const request = await beginRequest(instance.address, question, asking)
  await askStatus(instance.address, question, asking)
  return request
}
