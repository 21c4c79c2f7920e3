import type { Abortable } from '../core/clock.ts'
import type { Instance } from '../core/instance.ts'
import type { Release } from '../core/release.ts'
import { askStatus, connectTo } from './ask-status.ts'
import { asksByHttp } from './asks-by-http.ts'
import type { PreflightTools } from './preflight-tools.ts'

const EACH_MS = 100

/**
 * Waits until the instance is ready once; one that nobody can ask, until it has run for `ready.aliveMs`. Resolves with the
 * reason when it is not within `ready.startupMs`, or ends.
 */
export async function untilReady(
  instance: Instance,
  away: Release,
  tools: PreflightTools,
  options: Abortable,
): Promise<string | undefined> {
  const { startupMs, aliveMs = 0 } = away.spec.ready
  const begun = tools.clock.steadyNow()
  for (;;) {
    const reason = (await ended(instance, tools)) ?? (await refusal(instance, away, options))
    const ms = tools.clock.steadyNow() - begun
    if (reason?.isFinal || (!reason && ms >= aliveMs)) return reason?.what
    if (reason && ms >= startupMs) return `${reason.what} ${startupMs / 1000} s after its start`
    await tools.clock.sleep(EACH_MS, options)
  }
}

interface Reason {
  readonly what: string
  readonly isFinal: boolean
}

async function ended(instance: Instance, { runtime }: PreflightTools): Promise<Reason | undefined> {
  const found = (await runtime.list(instance.service)).find(({ id }) => id === instance.id)
  if (found?.state.kind === 'running') return undefined
  const { code, signal } = found?.state ?? {}
  const how = code === undefined ? signal : `exit code ${code}`
  return { what: `ended by itself${how === undefined ? '' : ` (${how})`}`, isFinal: true }
}

async function refusal(
  { address }: Instance,
  { service, spec }: Release,
  options: Abortable,
): Promise<Reason | undefined> {
  const { path, timeoutMs } = spec.ready
  if (!spec.listen) return undefined
  const asking = { ...options, timeoutMs }
  if (!asksByHttp(spec)) {
    const socket = await connectTo(address, asking)
    if (typeof socket === 'string')
      return { what: `could not be connected to (${socket})`, isFinal: false }
    socket.destroy()
    return undefined
  }
  const status = await askStatus(address, { service, path }, asking)
  if (typeof status === 'string')
    return { what: `did not answer on GET ${path} (${status})`, isFinal: false }
  if (status >= 200 && status <= 399) return undefined
  return { what: `answered ${status} on GET ${path}`, isFinal: false }
}
