import { setTimeout } from 'node:timers/promises'
import type { Abortable } from '../../../core/clock.ts'
import { Problem } from '../../../core/problem.ts'
import { statusOf } from './client.ts'
import { lastWordsOf } from './last-words.ts'
import type { ProxyFiles } from './proxy-files.ts'
import { spawnProxy, type SpawnedProxy } from './spawn.ts'

const PATIENCE_MS = 20_000
const RETRY_MS = 20
/** Until another process is tried, and as much longer each time: on a slow machine that is what the first one needs. */
const CLAIM_RETRY_MS = 500

export interface EnsureOptions extends Abortable {
  readonly workers?: number
}

/**
 * Resolves when the proxy answers; starts it when none runs. Two callers at once, of one process or of two, end up with
 * the same proxy: the one started second finds the directory claimed and ends by itself.
 * Rejects with the Problem for which the proxy refuses to start, and with the reason of its signal: also then no process is
 * left on its way up, of which whoever ends everything would not know.
 */
export async function ensureProxy(files: ProxyFiles, options: EnsureOptions = {}): Promise<void> {
  if ((await pidOf(files, options)) !== undefined) return
  const until = performance.now() + PATIENCE_MS
  let pauseMs = CLAIM_RETRY_MS
  let again = performance.now() + pauseMs
  let proxy = await spawnProxy(files, options.workers)
  while (!(await settled(proxy, files))) {
    if (performance.now() > until) throw notAnswering(proxy, files)
    const ended = proxy.ended()
    if (ended !== undefined && ended !== 0) throw await lastWordsOf(proxy.pid, files)
    await setTimeout(RETRY_MS)
    if (ended !== undefined) options.signal?.throwIfAborted()
    // Another one had the claim. It may have been about to end: then it is our turn after all.
    if (ended === 0 && performance.now() > again) {
      pauseMs *= 2
      again = performance.now() + pauseMs
      proxy = await spawnProxy(files, options.workers)
    }
  }
}

/**
 * A proxy answers, and it is ours or ours has given way to it. To leave before would leave a process behind that is
 * still on its way up, and becomes the proxy if the other one is stopped meanwhile.
 */
async function settled(ours: SpawnedProxy, files: ProxyFiles): Promise<boolean> {
  const pid = await pidOf(files)
  if (pid === undefined) return false
  return pid === ours.pid || ours.ended() !== undefined
}

async function pidOf(files: ProxyFiles, { signal }: Abortable = {}): Promise<number | undefined> {
  return (await statusOf(files.controlSocket, signal && { signal }))?.pid
}

function notAnswering(proxy: SpawnedProxy, files: ProxyFiles): Problem {
  return new Problem('proxy-start-failed', {
    message: `the proxy (pid ${proxy.pid}) has not answered within ${PATIENCE_MS / 1000}s`,
    hint: `Look into its log: ${files.log}`,
    data: { pid: proxy.pid, log: files.log },
  })
}
