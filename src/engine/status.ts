import type { Instance } from '../core/instance.ts'
import type { Usage } from '../core/instance.ts'
import type { Group } from '../core/group.ts'
import type { Opinion } from '../core/judge.ts'
import type { ReleaseId, ServiceName } from '../core/names.ts'
import { idlePins, type Pin } from '../core/pin.ts'
import { Problem } from '../core/problem.ts'
import type { Rollout } from '../core/rollout.ts'
import type { Weights } from '../core/route.ts'
import type { Address, InstanceAddress } from '../core/address.ts'
import type {
  CertificateFault,
  Counts,
  Ejected,
  InstanceTraffic,
  Traffic,
} from '../core/traffic.ts'
import type { HeldRequests } from './hold.ts'
import type { Tools } from './tools.ts'

/** All that `midflight status` shows. Holds no environment, so no secret. */
export interface Status {
  readonly service: ServiceName
  /** Unset for a worker, which takes no traffic. */
  readonly listen?: Address
  readonly live?: ReleaseId
  readonly warm?: { readonly release: ReleaseId; readonly untilMs: number }
  readonly weights: Weights
  readonly instances: readonly InstanceStatus[]
  readonly counts: Readonly<Record<ReleaseId, Counts>>
  readonly holding: number
  /** Which requests wait because a person said so. */
  readonly held?: HeldRequests
  /** What is wrong with certificates; absent while nothing is. */
  readonly certificates?: readonly CertificateFault[]
  /** Rules and mirrors that name a release which does not serve; absent while there are none. */
  readonly idlePins?: readonly Pin[]
  /** The group that the service rolls out with now. */
  readonly group?: Group
  /** The running rollout, or the last one. */
  readonly rollout?: Rollout
  /** What the judge of the running rollout thinks so far. */
  readonly opinion?: Opinion
  /** An instance that should serve does not, clients miss a certificate, or the last rollout is stuck. */
  readonly isDegraded: boolean
}

export interface InstanceStatus {
  readonly id: string
  readonly release: ReleaseId
  readonly address: InstanceAddress
  readonly startedAtMs: number
  readonly state: Instance['state']
  readonly route: 'serving' | 'draining' | 'none'
  readonly health: InstanceTraffic['health'] | 'unknown'
  readonly reason?: string
  readonly ejected?: Ejected
  readonly requests: number
  readonly upgrades: number
  readonly usage?: Usage
}

export async function statusOf(
  tools: Tools,
  service: ServiceName,
  opinion?: Opinion,
): Promise<Status> {
  const record = await tools.services.read(service)
  const [rollout] = await tools.rollouts.list(service, { limit: 1 })
  const group = (await tools.groups.unfinished()).find(({ members }) =>
    members.some((member) => member.service === service),
  )
  const traffic = await tools.router.read(service)
  const listen = traffic?.route.listen ?? record?.spec.listen
  if (!listen && !record && !rollout) throw unknownService(service)
  const pins = traffic ? idlePins(traffic.route) : []
  const instances = await Promise.all(
    (await tools.runtime.list(service)).map(async (each) =>
      instanceStatus(each, traffic, await tools.runtime.measure(each.id)),
    ),
  )
  return {
    service,
    ...(listen && { listen }),
    ...(record?.live !== undefined && { live: record.live }),
    ...(record?.warm && { warm: record.warm }),
    weights: traffic?.route.weights ?? {},
    instances,
    counts: traffic?.counts ?? {},
    holding: traffic?.holding ?? 0,
    ...(traffic?.route.held && { held: traffic.route.held }),
    ...(traffic?.certificates && { certificates: traffic.certificates }),
    ...(pins.length > 0 && { idlePins: pins }),
    ...(group && { group }),
    ...(rollout && { rollout }),
    ...(opinion && { opinion }),
    isDegraded:
      isStuck(rollout) ||
      traffic?.certificates !== undefined ||
      instances.some((each) => (listen ? !servesWell(each) : each.state.kind !== 'running')),
  }
}

function instanceStatus(instance: Instance, traffic?: Traffic, usage?: Usage): InstanceStatus {
  const { id, release, address, startedAtMs, state, generation } = instance
  // One that was just replaced is in the route under the same name until its successor has joined.
  const member = traffic?.route.instances.find(
    (each) => each.id === id && each.generation === generation,
  )
  const seen = member && traffic?.instances.find((each) => each.id === id)
  return {
    id,
    release,
    address,
    startedAtMs,
    state,
    route: member?.state ?? 'none',
    health: seen?.health ?? 'unknown',
    ...(seen?.reason !== undefined && { reason: seen.reason }),
    ...(seen?.ejected && { ejected: seen.ejected }),
    requests: seen?.requests ?? 0,
    upgrades: seen?.upgrades ?? 0,
    ...(usage && { usage }),
  }
}

function servesWell({ route, health, ejected }: InstanceStatus): boolean {
  return route === 'draining' || (health === 'up' && !ejected)
}

function isStuck(rollout: Rollout | undefined): boolean {
  return rollout?.state.phase === 'finished' && rollout.state.outcome === 'stuck'
}

function unknownService(service: ServiceName): Problem {
  return new Problem('service-unknown', {
    message: `nothing is known of a service "${service}" here`,
    hint: 'Release it first: midflight deploy. Is this the right folder, or the right --state?',
    data: { service },
  })
}
