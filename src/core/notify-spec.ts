/** What people are told of a rollout. */
export type Occasion = 'begun' | 'paused' | 'promoted' | 'undone' | 'stuck'

/** Whom mail may be sent to: what breaks no line and opens no list or comment of a header (RFC 5322 §3.4.1). */
export const MAIL_ADDRESS: RegExp =
  /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]{1,255}$/u

interface Common {
  readonly on: readonly Occasion[]
}

/** A URL that is asked with POST and JSON. Holds secrets: never print one. */
export interface WebhookSpec extends Common {
  readonly by: 'webhook'
  readonly url: string
  /** The key that each notice is signed with. */
  readonly secret?: string
}

/** An incoming webhook of Slack. Its URL is the secret. */
export interface SlackSpec extends Common {
  readonly by: 'slack'
  readonly url: string
}

/** A mail to each of these people. Its server may hold a password: never print one. */
export interface EmailSpec extends Common {
  readonly by: 'email'
  readonly to: readonly string[]
  readonly from: string
  /** `smtps://user:password@host:port`, or `smtp:`, where TLS comes with STARTTLS. */
  readonly server: string
  /** Whether `smtp:` may do without TLS. Unset: only to this machine itself. */
  readonly tls?: 'required' | 'off'
}

export type NotifySpec = WebhookSpec | SlackSpec | EmailSpec
