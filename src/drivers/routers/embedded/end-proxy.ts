import { setTimeout } from 'node:timers/promises'
import type { Abortable } from '../../../core/clock.ts'
import { identify, untilGone } from '../../../lib/process-identity.ts'
import { Orphans } from '../../../proxy/orphans.ts'
import { ask, statusOf, unlessGone } from './client.ts'
import type { ProxyFiles } from './proxy-files.ts'

export interface EndOptions extends Abortable {
  readonly drainMs: number
}

const EACH_MS = 20
/** No process has this pid. */
const NOBODY = 0

/** Resolves when the proxy's processes are gone: what they have after `drainMs` milliseconds is cut. */
export async function endProxy(files: ProxyFiles, options: EndOptions): Promise<void> {
  const { drainMs, ...abortable } = options
  const proxy = identify((await statusOf(files.controlSocket, abortable))?.pid ?? NOBODY)
  const call = { method: 'POST', path: '/stop', body: { drainMs } } as const
  await unlessGone(ask(files.controlSocket, call, abortable))
  if (proxy) await untilGone(proxy, abortable)
  await endOrphans(files.directory, options)
}

/** Nobody can tell the workers of a proxy that was killed to end. */
async function endOrphans(directory: string, { drainMs, ...abortable }: EndOptions): Promise<void> {
  const orphans = new Orphans(directory, { isHeir: false })
  const until = performance.now() + drainMs
  while (orphans.count > 0) {
    if (performance.now() >= until) orphans.kill()
    await setTimeout(EACH_MS, undefined, abortable)
  }
}
