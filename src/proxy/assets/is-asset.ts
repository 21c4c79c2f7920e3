import { isComplete, type RequestHead } from '../http1/request-head.ts'

/** Whether this asks for a file under one of these prefixes, and may be asked twice without a thought. */
export function isAsset(head: RequestHead, prefixes: readonly string[]): boolean {
  if (head.method !== 'GET' && head.method !== 'HEAD') return false
  if (head.upgrade !== undefined || !isComplete(head)) return false
  return prefixes.some((prefix) => head.target.startsWith(prefix))
}
