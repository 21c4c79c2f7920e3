import { setTimeout } from 'node:timers/promises'
import type { Abortable } from '../../../core/clock.ts'
import { Problem } from '../../../core/problem.ts'
import { ask, isGone } from './client.ts'
import { lastWordsOf } from './last-words.ts'
import type { ProxyFiles } from './proxy-files.ts'
import { spawnProxy, type SpawnedProxy } from './spawn.ts'

const PATIENCE_MS = 20_000
const RETRY_MS = 20
const CLAIM_RETRY_MS = 500

export interface EnsureOptions extends Abortable {
  readonly workers?: number
}

/**
 * Resolves when the proxy answers; starts it when none runs. Two callers at once, of one process or of two, end up with
 * the same proxy: the second process finds the directory claimed and ends by itself.
 * Rejects with the Problem for which the proxy refuses to start.
 */
export async function ensureProxy(files: ProxyFiles, options: EnsureOptions = {}): Promise<void> {
  if (await answers(files, options)) return
  const until = performance.now() + PATIENCE_MS
  let again = performance.now() + CLAIM_RETRY_MS
  let proxy = await spawnProxy(files, options.workers)
  while (!(await answers(files, options))) {
    if (performance.now() > until) throw notAnswering(proxy, files)
    const ended = proxy.ended()
    if (ended !== undefined && ended !== 0) throw await lastWordsOf(proxy.pid, files)
    await setTimeout(RETRY_MS, undefined, options.signal ? { signal: options.signal } : {})
    // Another one had the claim. It may have been about to end: then it is our turn after all.
    if (ended === 0 && performance.now() > again) {
      again = performance.now() + CLAIM_RETRY_MS
      proxy = await spawnProxy(files, options.workers)
    }
  }
}

async function answers(files: ProxyFiles, { signal }: Abortable): Promise<boolean> {
  try {
    await ask(files.controlSocket, { method: 'GET', path: '/status' }, signal ? { signal } : {})
    return true
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

function notAnswering(proxy: SpawnedProxy, files: ProxyFiles): Problem {
  return new Problem('proxy-start-failed', {
    message: `the proxy (pid ${proxy.pid}) has not answered within ${PATIENCE_MS / 1000}s`,
    hint: `Look into its log: ${files.log}`,
    data: { pid: proxy.pid, log: files.log },
  })
}
