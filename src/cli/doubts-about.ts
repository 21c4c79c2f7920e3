import type { Doubt } from '../core/doubt.ts'
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
  try {
    const path = `/v1/services/${spec.name}/check`
    return await clientFor(common).call<readonly Doubt[]>('POST', path, { spec })
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'controller-missing') throw error
    return alone(spec, stateDirectory(common))
  }
}

async function alone(spec: ServiceSpec, state: string): Promise<readonly Doubt[] | undefined> {
  const { checkAlone } = await import('../app/check-alone.ts')
  const over = new AbortController()
  const stop = () => {
    over.abort()
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    return await checkAlone(spec, state, { signal: over.signal })
  } catch (error) {
    if (over.signal.aborted) return undefined
    throw error
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}
