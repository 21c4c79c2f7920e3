import type { Message, Reading } from './reading.ts'

/** Where another parser does not read what we read. */
export interface Found {
  readonly kind: 'they-refuse' | 'they-wait' | 'they-differ' | 'they-see-more'
  /** The message, as we and as they understand it. */
  readonly ours: Message | undefined
  readonly theirs: Message | undefined
  /** Why they refuse. */
  readonly why: string
}

/**
 * `undefined`: they read the messages that we read in the same way, and see no other where we wait for more.
 * `stricter`: the same, and we refuse what they would go on with.
 */
export function compare(ours: Reading, theirs: Reading): Found | 'stricter' | undefined {
  const why = theirs.why ?? ''
  for (const [at, message] of ours.messages.entries()) {
    const other = theirs.messages[at]
    if (other && isSame(message, other)) continue
    const kind = other ? 'they-differ' : theirs.rest === 'refused' ? 'they-refuse' : 'they-wait'
    return { kind, ours: message, theirs: other, why }
  }
  const more = theirs.messages[ours.messages.length]
  if (ours.rest === 'open' && more)
    return { kind: 'they-see-more', ours: undefined, theirs: more, why }
  return ours.rest === 'refused' && (more || theirs.rest !== 'refused') ? 'stricter' : undefined
}

function isSame(a: Message, b: Message): boolean {
  return a.start === b.start && a.host === b.host && a.body === b.body
}
