import { isPrivate } from '../../lib/is-private.ts'
import { hashOf } from './hash.ts'
import type { Asked } from '../sight/incidents.ts'
import { ticketIn, type Routing } from './routing.ts'

/**
 * Tells users apart for the judge: by what makes them sticky, else by their address. From a private network come
 * balancers and other services, with many users behind one address; there it is the connection.
 */
export function userOf(routing: () => Routing | undefined): (asked: Asked) => string {
  const connections = new WeakMap<object, number>()
  let count = 0
  const connectionOf = (sender: object): number => {
    const known = connections.get(sender) ?? (count += 1)
    connections.set(sender, known)
    return known
  }
  return ({ head, sender }) => {
    const { sticky, seed = 0 } = routing() ?? {}
    const key = sticky?.cookie
      ? ticketIn(sticky.cookie, head.fields, Date.now())?.user
      : sticky?.read?.(head, sender)
    if (key !== undefined && key !== '') return `u${hashOf(key, seed)}`
    if (!isPrivate(sender.address)) return `a${hashOf(sender.address, seed)}`
    return `c${process.pid}.${connectionOf(sender)}`
  }
}
