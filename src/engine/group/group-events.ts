import type { Group, GroupEvent, GroupMark } from '../../core/group.ts'

/** A group's events so far, told again from its marks: a watcher that comes late, or again, misses nothing. */
export function groupEvents(group: Group, marks: readonly GroupMark[]): GroupEvent[] {
  const past = marks.map((mark) => memberEvent(group, mark))
  const end: GroupEvent[] = group.state.phase === 'finished' ? [{ event: 'finished', group }] : []
  return [{ event: 'planned', group }, ...past, ...end]
}

export function memberEvent(group: Group, mark: GroupMark): GroupEvent {
  return { event: 'member', service: group.members[mark.member]?.service ?? '', ...mark }
}
