import type { Abortable } from '../core/clock.ts'
import type { Doubt, GroupDoubts } from '../core/doubt.ts'
import { Problem } from '../core/problem.ts'
import type { ServiceSpec } from '../core/service.ts'
import { clientFor, type Common, stateDirectory } from './where.ts'

/**
 * What a deploy would doubt: the controller says it, which knows the traffic; where none runs, this process finds out by itself.
 * SIGINT and SIGTERM end that early, and leave nothing; it resolves with `undefined` then.
 */
export async function doubtsAbout(
  spec: ServiceSpec,
  common: Common,
): Promise<readonly Doubt[] | undefined> {
  const path = `/v1/services/${spec.name}/check`
  const asked = async () => clientFor(common).call<readonly Doubt[]>('POST', path, { spec })
  return unlessMissing(asked, async (options) => {
    const { checkAlone } = await import('../app/check-alone.ts')
    return checkAlone(spec, stateDirectory(common), options)
  })
}

/** The same for several services as one. */
export async function groupDoubtsAbout(
  specs: readonly ServiceSpec[],
  common: Common,
): Promise<GroupDoubts | undefined> {
  const members = specs.map((spec) => ({ spec }))
  const asked = async () =>
    clientFor(common).call<GroupDoubts>('POST', '/v1/groups/check', { members })
  return unlessMissing(asked, async (options) => {
    const { checkGroupAlone } = await import('../app/check-alone.ts')
    return checkGroupAlone(specs, stateDirectory(common), options)
  })
}

async function unlessMissing<T>(
  asked: () => Promise<T>,
  alone: (options: Abortable) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await asked()
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'controller-missing') throw error
    return untilStopped(alone)
  }
}

async function untilStopped<T>(alone: (options: Abortable) => Promise<T>): Promise<T | undefined> {
  const over = new AbortController()
  const stop = () => {
    over.abort()
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    return await alone({ signal: over.signal })
  } catch (error) {
    if (over.signal.aborted) return undefined
    throw error
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}
