import type { ApiClient } from '../api/client.ts'
import type { Group } from '../core/group.ts'
import { Problem } from '../core/problem.ts'

/** The newest group of this name. Rejects with `group-unknown`. */
export async function findGroup(client: ApiClient, name: string): Promise<Group> {
  const groups = await client.call<readonly Group[]>('GET', '/v1/groups')
  const group = groups.find((each) => each.name === name)
  if (group) return group
  const names = [...new Set(groups.map((each) => each.name))]
  throw new Problem('group-unknown', {
    message: `there is no group "${name}"`,
    hint:
      names.length > 0
        ? `There are: ${names.join(', ')}`
        : 'There was none yet: midflight deploy --group',
    data: { name, names },
  })
}
