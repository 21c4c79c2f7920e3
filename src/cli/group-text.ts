import type { Group, GroupEvent, GroupMark } from '../core/group.ts'
import { doubtLines } from './doubt-lines.ts'
import { paint } from './paint.ts'
import { duration } from './words.ts'

/** One event of a group as a person reads it. */
export function groupEventText(event: GroupEvent, group: Group): readonly string[] {
  switch (event.event) {
    case 'planned':
      return [paint('bold', `${event.group.name}: ${membersText(event.group)}`), ...doubtful(event)]
    case 'member':
      return memberText(event, group)
    case 'finished':
      return finishedText(event.group)
  }
}

/** Where a group stands, in a few words. */
export function groupState({ state, members }: Group): string {
  if (state.phase === 'finished') return state.outcome
  const at = members[state.member]?.service ?? 'the end'
  const place = `${at} (${state.member + 1} of ${members.length})`
  return state.phase === 'running' ? `rolling out, ${place}` : `going back, ${place}`
}

export function membersText({ members }: Group): string {
  return members.map(({ service, release }) => `${service} ${release}`).join(', ')
}

function doubtful({ group }: { readonly group: Group }): readonly string[] {
  return group.members.flatMap(({ service, doubts = [] }) =>
    doubts.length === 0 ? [] : [`  ${service}:`, ...doubts.flatMap(doubtLines)],
  )
}

function memberText(
  event: { readonly service: string } & GroupMark,
  group: Group,
): readonly string[] {
  const name = `${event.service} ${group.members[event.member]?.release ?? ''}`
  switch (event.mark) {
    case 'begun':
      return [`  … ${name}`]
    case 'promoted':
      return [`  ${paint('green', '✓')} ${name} is live (rollout ${event.rollout})`]
    case 'turned':
      return [paint('red', `  ✗ ${event.because.message}`), '    taking everything back:']
    case 'return-begun':
      return [`  … ${event.service}`]
    case 'returned':
      return [`  ${paint('yellow', '↺')} ${event.service}${backTo(event.to, name)}`]
  }
}

function backTo(to: string | undefined, name: string): string {
  return to === undefined ? `: ${name} was its first release and stays` : ` ${to} serves again`
}

function finishedText({ state, name, startedAtMs, endedAtMs }: Group): readonly string[] {
  if (state.phase !== 'finished') return []
  const took = duration((endedAtMs ?? startedAtMs) - startedAtMs)
  const ending = {
    promoted: paint('green', `promoted: all of ${name} is live, after ${took}`),
    undone: paint('yellow', `undone: nothing of ${name} has changed, after ${took}`),
    stuck: paint('red', `stuck after ${took}: not all of ${name} could be taken back`),
  }[state.outcome]
  const { because } = state
  if (!because) return [ending]
  return [ending, `problem ${because.code}`, `  ${because.message}`, `  → ${because.hint}`]
}
