/** What a proxy says of itself. */
export interface ProxyStatus {
  readonly pid: number
  readonly workers: readonly { readonly pid: number }[]
  /** Older proxies that finish what they have, and end. */
  readonly draining: readonly { readonly pid: number }[]
  /** Of the snapshot in force. */
  readonly version: number
  /** Of the code it runs. */
  readonly midflight: string
  readonly startedAtMs: number
}
