import type { ApiClient } from '../api/client.ts'
import type { Group } from '../core/group.ts'
import { groupState, membersText } from './group-text.ts'
import { table } from './table.ts'
import { duration, timeOf } from './words.ts'

const HEADINGS = ['group', 'name', 'when', 'services', 'outcome', 'took', 'by', 'why']

/** The groups so far, newest first. */
export async function tellGroups(
  client: ApiClient,
  { json }: { readonly json?: boolean },
): Promise<void> {
  const groups = await client.call<readonly Group[]>('GET', '/v1/groups')
  console.log(json === true ? JSON.stringify(groups) : table(HEADINGS, groups.map(row)))
}

function row(group: Group): string[] {
  const { id, name, startedAtMs, endedAtMs, state, by = '-' } = group
  return [
    String(id),
    name,
    timeOf(startedAtMs),
    membersText(group),
    groupState(group),
    endedAtMs === undefined ? '-' : duration(endedAtMs - startedAtMs),
    by,
    'because' in state ? (state.because?.code ?? '') : '',
  ]
}
