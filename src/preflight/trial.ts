import { randomUUID } from 'node:crypto'
import type { Abortable } from '../core/clock.ts'
import { instanceId } from '../core/names.ts'
import { Problem } from '../core/problem.ts'
import type { Release } from '../core/release.ts'
import { askStatus } from './ask-status.ts'
import { asksByHttp } from './asks-by-http.ts'
import { type Ending, endingOf } from './ending.ts'
import { throwAway } from './throw-away.ts'
import { untilReady } from './until-ready.ts'
import type { PreflightTools } from './preflight-tools.ts'

/** How one instance did that no user reached. */
export interface Trial {
  /** Why it never got ready; unset: it did. */
  readonly unready?: string
  /** What it answers for a path that cannot exist; unset where it is not asked by HTTP/1.1. */
  readonly nowhere?: number
  readonly memoryBytes?: number
  readonly ending?: Ending
}

/**
 * Starts one instance of the release, asks it, and ends it as each instance is ended. Nothing of it is left when this resolves or
 * rejects; it rejects with the signal's reason. Takes as long as the app does to get ready and to end, at most
 * `ready.startupMs` and twice `stop.killMs`, and a few seconds.
 */
export async function runTrial(
  release: Release,
  tools: PreflightTools,
  options: Abortable,
): Promise<Trial> {
  const away = throwAway(release)
  try {
    return await tried(away, tools, options)
  } finally {
    await clear(away, tools)
  }
}

/** Ends the instance of a trial and forgets what it printed. */
export async function clear(
  away: Pick<Release, 'service' | 'id'>,
  { runtime, workshop }: Pick<PreflightTools, 'runtime' | 'workshop'>,
): Promise<void> {
  const id = instanceId(away.service, away.id, 0)
  await runtime.stop(id, { drainMs: 0, signal: 'SIGTERM', killMs: 0 })
  await workshop.remove(away)
}

async function tried(away: Release, tools: PreflightTools, options: Abortable): Promise<Trial> {
  const { runtime } = tools
  const instance = await started(away, tools, options)
  if (typeof instance === 'string') return { unready: instance }
  const unready = await untilReady(instance, away, tools, options)
  if (unready !== undefined) return { unready }
  const usage = await runtime.measure(instance.id)
  const nowhere = await askNowhere(instance.address, away, options)
  return {
    ...(nowhere !== undefined && { nowhere }),
    ...(usage && { memoryBytes: usage.memoryBytes }),
    ending: await endingOf(instance, away, tools, options),
  }
}

async function started(away: Release, { runtime }: PreflightTools, options: Abortable) {
  try {
    return await runtime.start(away, 0, options)
  } catch (error) {
    // The rollout meets the same and says all about it.
    if (error instanceof Problem) return error.message
    throw error
  }
}

async function askNowhere(
  address: Parameters<typeof askStatus>[0],
  { service, spec }: Release,
  options: Abortable,
): Promise<number | undefined> {
  if (!asksByHttp(spec)) return undefined
  const path = `/midflight-preflight-${randomUUID()}`
  const status = await askStatus(
    address,
    { service, path },
    { ...options, timeoutMs: spec.ready.timeoutMs },
  )
  return typeof status === 'number' ? status : undefined
}
