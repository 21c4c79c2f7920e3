import { bad, type Finding, GOOD } from './finding.ts'

/** What the status of the answer to `GET path` says: 200 to 399 is good. */
export function ofStatus(status: number, path: string): Finding {
  return status >= 200 && status <= 399 ? GOOD : bad(`answered ${status} on GET ${path}`)
}
