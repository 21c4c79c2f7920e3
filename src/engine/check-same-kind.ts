import { Problem } from '../core/problem.ts'
import type { ServiceSpec } from '../core/service.ts'
import type { Tools } from './tools.ts'

/**
 * A worker becomes no service with traffic and the other way round: the release that serves would leave before users could
 * reach the new one. Rejects with `service-kind-changed`.
 */
export async function checkSameKind(
  tools: Pick<Tools, 'services'>,
  next: Pick<ServiceSpec, 'name' | 'listen'>,
): Promise<void> {
  const record = await tools.services.read(next.name)
  if (record?.live === undefined || isWorker(record.spec) === isWorker(next)) return
  const [was, is] = isWorker(next)
    ? ['has traffic', 'is a worker (listen: false)']
    : ['is a worker', 'has traffic (listen)']
  throw new Problem('service-kind-changed', {
    message: `${next.name} ${was}, and the new release ${is}`,
    hint: 'Give the new one a service name of its own, and end the old one when nobody needs it: midflight down.',
    data: { service: next.name, live: record.live },
  })
}

function isWorker({ listen }: Pick<ServiceSpec, 'listen'>): boolean {
  return listen === undefined
}
