import type { ApiClient } from '../api/client.ts'
import type { Group, GroupEvent } from '../core/group.ts'
import { followEvents } from './follow-events.ts'
import { groupEventText } from './group-text.ts'

/** Shows a group until it has ended, one line a member and event, and resolves with it. */
export async function followGroup(
  client: ApiClient,
  group: Group,
  { json }: { readonly json?: boolean },
): Promise<Group> {
  // After a reconnection the story is told again from its beginning.
  const heard = new Set<string>()
  const last = await followEvents<GroupEvent>(client, `/v1/groups/${group.id}/events`, {
    tell: (event) => {
      const key = event.event === 'member' ? `${event.mark} ${event.member}` : event.event
      if (heard.has(key)) return
      heard.add(key)
      const lines = json === true ? [JSON.stringify(event)] : groupEventText(event, group)
      for (const line of lines) console.log(line)
    },
    away: () => undefined,
  })
  return last.group
}

/** A group that was taken back, or got stuck, is no success of the call. */
export function exitStatusOfGroup({ state }: Group): number {
  return state.phase === 'finished' && state.outcome === 'promoted' ? 0 : 1
}
