/** An HTTP answer that came whole. */
export interface Answer {
  readonly status: number
  /** Names in lower case; the last one wins. */
  readonly headers: Readonly<Record<string, string>>
  /** Its first MiB at least. */
  readonly body: Buffer
  /** The length of the whole body. */
  readonly bytes: number
  /** Whether the connection may carry another request (RFC 9112 §9.3). */
  readonly reusable: boolean
}

/** How a call ended. Only `answered` got an answer; whether it is a good one is a verdict's to say. */
export type Ending =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** No connection came about; nothing was sent. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The connection broke after the first byte was written. */
  | { readonly kind: 'reset'; readonly reason: string }
  | { readonly kind: 'timeout'; readonly reason: string }
  | { readonly kind: 'malformed'; readonly reason: string }
  /** We gave it up ourselves. */
  | { readonly kind: 'aborted' }
