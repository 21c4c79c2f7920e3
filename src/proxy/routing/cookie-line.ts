import type { InstanceView, User } from './decide.ts'
import type { Sticky } from './routing.ts'
import type { SenderView } from './views.ts'

/**
 * The line by which the answer of `instance` makes the proxy know this user again, there. `undefined` when the client
 * has a cookie that says so already, or users are known by another key.
 */
export function cookieLine(
  { spec, cookie }: Sticky,
  user: User,
  instance: InstanceView,
  { sender, nowMs }: { readonly sender: SenderView; readonly nowMs: number },
): string | undefined {
  if (!cookie) return undefined
  const before = user.ticket?.instances ?? []
  const tag = spec.scope === 'instance' ? cookie.tagOf(instance) : undefined
  const told = tag === undefined || before.includes(tag)
  if (user.ticket && told && !cookie.isOld(user.ticket, nowMs)) return undefined
  const instances = told ? before : [tag, ...before]
  return cookie.line({ user: user.key, instances }, sender.secure ? 'tls' : 'plain', nowMs)
}
