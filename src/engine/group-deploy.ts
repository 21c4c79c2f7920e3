import type { Group } from '../core/group.ts'
import type { Release } from '../core/release.ts'
import { type DeployRequest, discard } from './deploy.ts'
import type { GroupCrew } from './group-crew.ts'
import { prune } from './prune.ts'
import type { Tools } from './tools.ts'

export interface GroupRequest {
  readonly name: string
  /** In the order in which they roll out. */
  readonly members: readonly DeployRequest[]
}

/** What makes a release; one after the other for a service. */
type Prepare = (request: DeployRequest) => Promise<Release>

/** Makes the releases of all members before anything changes, opens the group, and leaves it to its crew. */
export async function deployGroup(
  tools: Tools,
  crew: GroupCrew,
  request: GroupRequest,
  prepare: Prepare,
): Promise<Group> {
  const releases: Release[] = []
  try {
    for (const member of request.members) releases.push(await prepare(member))
    const members = releases.map(({ service, id }) => ({ service, release: id }))
    const group = await tools.groups.open(request.name, members)
    crew.begin(group)
    await pruneAll(tools, group)
    return group
  } catch (error) {
    for (const release of releases) await discard(tools, release)
    throw error
  }
}

/** The group has begun: an old release that cannot be removed now is tried again at the next deploy. */
async function pruneAll(tools: Tools, { members }: Group): Promise<void> {
  for (const { service } of members) {
    await prune(tools, service).catch((error: unknown) => {
      tools.log('old releases could not be removed', { service, error: String(error) })
    })
  }
}
