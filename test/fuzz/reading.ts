/** One message as a parser understood it; all text in latin1. */
export interface Message {
  /** Method and target of a request, the status of an answer. */
  readonly start: string
  readonly host: string
  readonly body: string
}

/** What a parser made of a stream: the messages that are complete, and what it thinks of the rest. */
export interface Reading {
  readonly messages: readonly Message[]
  /** `open`: waits for more. `closed`: nothing more is read, by the last message's own will. */
  readonly rest: 'open' | 'closed' | 'refused'
  /** Why it refused. */
  readonly why?: string
  /** What is passed on of complete requests, in latin1. */
  readonly forwarded?: string
}

/** Path and query of a target, whichever form it has (RFC 9112 §3.2.2). */
export function originForm(method: string, target: string): string {
  const after = /^http:\/\/[^/?]*(.*)$/i.exec(target)?.[1]
  if (after === undefined || after.startsWith('/')) return after ?? target
  return after === '' && method === 'OPTIONS' ? '*' : `/${after}`
}

/** The Host field, the first one; without one, what an absolute target says. */
export function hostOf(target: string, fields: readonly string[]): string {
  const at = fields.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === 'host')
  return (at < 0 ? /^http:\/\/([^/?]*)/i.exec(target)?.[1] : fields[at + 1]) ?? ''
}
