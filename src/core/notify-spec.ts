/** What people are told of a rollout. */
export type Occasion = 'begun' | 'paused' | 'promoted' | 'undone' | 'stuck'

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

export type NotifySpec = WebhookSpec | SlackSpec
