import type { Sender } from '../entry/sender.ts'
import { withoutFields } from './connection-options.ts'
import type { ResponseHead } from './response-head.ts'

/**
 * What the route says of HTTPS replaces what the application says, and goes to clients over TLS only (RFC 6797 §7.2).
 * An empty `line` leaves the application its word.
 */
export function strictHead(head: ResponseHead, line: string, sender: Sender): ResponseHead {
  if (line === '') return head
  const fields = withoutFields(head.fields, ['strict-transport-security'])
  return { ...head, fields: sender.secure ? fields + line : fields }
}
