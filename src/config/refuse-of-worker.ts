import type { ServiceFile } from './service-file.ts'

export type Refuse = (path: (string | number)[], message: string, hint?: string) => void

/** What makes no sense for a service without traffic, and what makes sense for no other. */
export function refuseOfWorker(file: ServiceFile, refuse: Refuse): void {
  if (file.listen === false) return refuseTraffic(file, refuse)
  if (typeof file.ready !== 'string' && file.ready.alive !== undefined)
    refuse(
      ['ready', 'alive'],
      'must be left out where users reach the service: it is asked whether it is ready',
      'A worker that takes no traffic has: listen: false',
    )
}

function refuseTraffic(file: ServiceFile, refuse: Refuse): void {
  const { ready, rollout, tls, rules, sticky, mirror } = file
  const isAsked = typeof ready === 'string' || ready.check !== 'http' || ready.path !== '/'
  if (isAsked)
    refuse(
      ['ready'],
      'must be a mapping such as { alive: 5s } with listen: false: nobody asks a worker',
    )
  if (rollout.strategy !== 'rolling')
    refuse(
      ['rollout', 'strategy'],
      `must be rolling with listen: false: ${rollout.strategy} moves traffic, and a worker has none`,
    )
  for (const [index, { question }] of rollout.gates.entries())
    if (question.kind === 'traffic')
      refuse(
        ['rollout', 'gates', index, 'traffic'],
        'must be left out with listen: false: it has none',
      )
  const keys = { tls, sticky, mirror, rules: rules.length > 0 ? rules : undefined }
  for (const [key, value] of Object.entries(keys))
    if (value !== undefined) refuse([key], 'must be left out with listen: false: it is for traffic')
}
