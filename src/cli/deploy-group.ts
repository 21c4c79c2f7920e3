import type { IfBusy } from '../api/contract.ts'
import { type GroupConfig, loadGroup } from '../config/load-group.ts'
import { withStrategy } from '../config/with-strategy.ts'
import type { Group } from '../core/group.ts'
import { askedBy } from './asker.ts'
import { exitStatusOfGroup, followGroup } from './follow-group.ts'
import { groupFileAt } from './group-file.ts'
import { refuseOutdatedCertificates } from './refuse-outdated-certificates.ts'
import { refuseTakenPort } from './refuse-taken-port.ts'
import { statusOf } from './status-of.ts'
import { clientFor, type Common } from './where.ts'

export interface GroupDeploy {
  /** Of the file, or of the folder it is in; where we stand when it is not given. */
  readonly path: string | undefined
  readonly release?: string
  readonly strategy?: string
  readonly by?: string
  readonly ifBusy: IfBusy
  readonly wait: boolean
}

/** Rolls all services of a group out as one. Resolves with the exit status. */
export async function deployGroup(wish: GroupDeploy, common: Common): Promise<number> {
  const group = await loadGroup(groupFileAt(wish.path), { env: process.env })
  const client = clientFor(common)
  for (const { folder, spec } of group.members) {
    const known = await statusOf(client, spec.name)
    await refuseTakenPort(spec, known)
    await refuseOutdatedCertificates(folder, spec, known)
  }
  const begun = await client.call<Group>('POST', '/v1/groups', bodyOf(group, wish))
  if (wish.wait) return exitStatusOfGroup(await followGroup(client, begun, common))
  const text = `group ${begun.name} (${begun.id}) has begun: midflight history --group`
  console.log(common.json ? JSON.stringify(begun) : text)
  return 0
}

function bodyOf({ name, members }: GroupConfig, wish: GroupDeploy): object {
  const { release, strategy, ifBusy } = wish
  return {
    name,
    ifBusy,
    ...askedBy(wish),
    members: members.map(({ spec }) => ({
      spec: strategy === undefined ? spec : withStrategy(spec, strategy),
      ...(release !== undefined && { release }),
    })),
  }
}
