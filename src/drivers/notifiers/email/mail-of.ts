import type { Notice } from '../../../core/notifier.ts'
import type { EmailSpec } from '../../../core/notify-spec.ts'

export interface Mail {
  readonly subject: string
  readonly text: string
  /** The same each time it is sent, so that a mailbox shows it once (RFC 5322 §3.6.4). */
  readonly messageId: string
  readonly date: Date
}

const HEADLINES: Readonly<Record<Notice['occasion'], (release: string) => string>> = {
  begun: (release) => `rollout of ${release} has begun`,
  paused: (release) => `rollout of ${release} pauses`,
  promoted: (release) => `${release} is live`,
  undone: (release) => `${release} was taken back`,
  stuck: (release) => `STUCK: ${release} could not be taken back`,
}

/** A notice as a mail: what happened, why, what to do, and only then the rest. */
export function mailOf(notice: Notice, { from }: Pick<EmailSpec, 'from'>): Mail {
  const { id, atMs, occasion, service, rollout, to } = notice
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return {
    subject: oneLine(`[midflight] ${service}: ${HEADLINES[occasion](to)} (rollout ${rollout})`),
    text: textOf(notice),
    // Another Midflight may have a rollout of the same number, but hardly in the same millisecond.
    messageId: `<${id.replaceAll(/[^\w.-]/g, '_')}.${atMs}@${domain}>`,
    date: new Date(atMs),
  }
}

function textOf(notice: Notice): string {
  const { because } = notice
  const reason = because && ['', `Why:      ${because.message}`, `What now: ${because.hint}`]
  const lines = [happened(notice), ...(reason ?? []), '', ...facts(notice)]
  return `${lines.map(oneLine).join('\n')}\n`
}

/** Without the reason, which gets lines of its own. */
function happened({ text, because }: Notice): string {
  return because ? text.replace(` ${because.message}. ${because.hint}`, '') : text
}

function facts({ service, kind, from, to, by, atMs, rollout }: Notice): string[] {
  const before = from === undefined ? 'the first one' : `before it ${from}`
  return [
    `Service:  ${service}`,
    `Release:  ${to} (${before})`,
    `Asked by: ${by ?? 'nobody said'} (${kind})`,
    `Time:     ${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    `In full:  midflight why ${rollout} --service ${service}`,
  ]
}

/** Whatever was named or said by others stays one line: a break would begin another field, or look like our own words. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
