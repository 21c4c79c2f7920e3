import type { Group, GroupMember } from '../../core/group.ts'
import type { Doubt } from '../../core/doubt.ts'
import type { ServiceName } from '../../core/names.ts'
import { type DeployRequest, discard, type Prepared } from '../deploy.ts'
import type { GroupCrew } from './group-crew.ts'
import { refuseErrors } from '../look-ahead.ts'
import { prune } from '../prune.ts'
import type { Tools } from '../tools.ts'

export interface GroupRequest {
  readonly name: string
  /** In the order in which they roll out. */
  readonly members: readonly DeployRequest[]
  /** Who asks. */
  readonly by?: string
}

interface Manner {
  /** Makes a release; one after the other for a service. */
  readonly prepare: (request: DeployRequest) => Promise<Prepared>
  /** Rejects with `rollout-running` when a rollout of the service runs. */
  readonly refuseRunning: (service: ServiceName) => Promise<void>
  /** Launches when no other rollout of a member is in the way, as the caller wishes. */
  readonly whenFree: (launch: () => Promise<Group>) => Promise<Group>
}

/** Makes the releases of all members before anything changes, opens the group, and leaves it to its crew. */
export async function deployGroup(
  tools: Tools,
  crew: GroupCrew,
  request: GroupRequest,
  { prepare, refuseRunning, whenFree }: Manner,
): Promise<Group> {
  const made: Prepared[] = []
  try {
    for (const member of request.members) made.push(await prepare(member))
    // The first rollout tells what is doubtful about all of them.
    const together = await doubtsTogether(tools, request.name, made)
    const members = made.map((each) => memberOf(each, each === made[0] ? together : []))
    const group = await whenFree(async () => {
      // It takes a while to make them all, and a deploy of one of them may have been quicker.
      for (const { service } of members) await refuseRunning(service)
      const opened = await tools.groups.open(request.name, members, request.by)
      crew.begin(opened)
      return opened
    })
    await pruneAll(tools, group)
    return group
  } catch (error) {
    for (const { release } of made) await discard(tools, release)
    throw error
  }
}

/** Rejects with `preflight-failed` when one of the level `error` is about all of them together. */
async function doubtsTogether(
  { preflight }: Tools,
  name: string,
  made: readonly Prepared[],
): Promise<readonly Doubt[]> {
  const doubts = await preflight.lookTogether(made.map(({ demand }) => demand))
  refuseErrors(doubts, { what: `the group ${name}`, data: { name } })
  return doubts
}

function memberOf(
  { release: { service, id }, doubts: own }: Prepared,
  together: readonly Doubt[],
): GroupMember {
  const doubts = [...own, ...together]
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
