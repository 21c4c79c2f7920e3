import { withoutFields } from '../http1/connection-options.ts'
import { fieldIn } from '../routing/field-in.ts'

/** Envoy's name for it; other proxies know it too. A stranger who claims it only gives away a retry. */
const NAME = 'x-envoy-attempt-count'

/** How often the proxies before this one have sent the request, this time among them. */
export function attemptsIn(fields: string): number {
  const told = fieldIn(fields, NAME)
  return told !== undefined && /^[1-9][0-9]{0,5}$/.test(told) ? Number(told) : 1
}

/** The fields of a request that is sent again, `again` times by now. */
export function withAttempts(fields: string, again: number): string {
  const attempts = attemptsIn(fields) + again
  return `${withoutFields(fields, [NAME])}${NAME}: ${attempts}\r\n`
}
