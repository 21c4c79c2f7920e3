import type { Group, GroupMember } from '../core/group.ts'
import type { ServiceName } from '../core/names.ts'
import { type DeployRequest, discard, type Prepared } from './deploy.ts'
import type { GroupCrew } from './group-crew.ts'
import { prune } from './prune.ts'
import type { Tools } from './tools.ts'

export interface GroupRequest {
  readonly name: string
  /** In the order in which they roll out. */
  readonly members: readonly DeployRequest[]
}

interface Manner {
  /** Makes a release; one after the other for a service. */
  readonly prepare: (request: DeployRequest) => Promise<Prepared>
  /** Rejects with `rollout-running` when a rollout of the service runs. */
  readonly refuseRunning: (service: ServiceName) => Promise<void>
}

/** Makes the releases of all members before anything changes, opens the group, and leaves it to its crew. */
export async function deployGroup(
  tools: Tools,
  crew: GroupCrew,
  request: GroupRequest,
  { prepare, refuseRunning }: Manner,
): Promise<Group> {
  const made: Prepared[] = []
  try {
    for (const member of request.members) made.push(await prepare(member))
    const members = made.map(memberOf)
    // It takes a while to make them all, and a deploy of one of them may have been quicker.
    for (const { service } of members) await refuseRunning(service)
    const group = await tools.groups.open(request.name, members)
    crew.begin(group)
    await pruneAll(tools, group)
    return group
  } catch (error) {
    for (const { release } of made) await discard(tools, release)
    throw error
  }
}

function memberOf({ release: { service, id }, doubts }: Prepared): GroupMember {
  return { service, release: id, ...(doubts.length > 0 && { doubts }) }
}

/** The group has begun: an old release that cannot be removed now is tried again at the next deploy. */
async function pruneAll(tools: Tools, { members }: Group): Promise<void> {
  for (const { service } of members) {
    await prune(tools, service).catch((error: unknown) => {
      tools.log('old releases could not be removed', { service, error: String(error) })
    })
  }
}
