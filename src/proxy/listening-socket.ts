import { randomUUID } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { BoundSocket, isIP, Socket } from 'node:net'
import type { SendHandle } from 'node:child_process'
import type { Address } from '../core/address.ts'
import { bindProblem } from './bind-problem.ts'

/**
 * A socket that users connect to, as the supervisor owns it: bound, and open for as long as the route exists.
 *
 * The supervisor never accepts on it. A worker inherits those that exist when it starts, and is sent the handle
 * of each later one; the workers listen and accept, all on this one socket. Because the supervisor's descriptor stays open, the socket and the connections queued on it
 * outlive any worker and all of them. Measured with one worker killed by SIGKILL over and over while connections came
 * in: none of those it had not yet accepted was refused or reset. What else was considered:
 * - `cluster` closes the socket with its last worker, and the queue with it.
 * - `reusePort` gives each worker a queue of its own, which is reset when it dies.
 * - A `net.Server` of the supervisor would accept there, and connections would be stuck while it is busy.
 * - Descriptors inherited at fork alone: a new route would have to replace every worker.
 */
export interface ListeningSocket {
  /** Tells this socket from an earlier one with the same address. */
  readonly key: string
  readonly address: Address
  /** One that was `lent` by systemd stays open for as long as the process lives. */
  readonly origin: 'bound' | 'lent'
  readonly handle: SendHandle
  /** Of the handle while it is open: what a child may inherit. */
  readonly fd: number
  close(): void
}

/** Binds without listening. Rejects with `port-in-use`, `port-not-allowed` or `address-unusable`. */
export async function bindSocket(address: Address): Promise<ListeningSocket> {
  try {
    const host = isIP(address.host) ? address.host : (await lookup(address.host)).address
    const keeper = new Socket({ handle: new BoundSocket({ host, port: address.port }) })
    return socketOf(handleOf(keeper), address, 'bound')
  } catch (error) {
    throw bindProblem(address, error)
  }
}

/** A socket of which this process has got the bare handle. */
export function socketOf(
  handle: SendHandle,
  address: Address,
  origin: ListeningSocket['origin'],
): ListeningSocket {
  const close = Reflect.get(handle as object, 'close') as () => void
  const fd = Reflect.get(handle as object, 'fd') as number
  return { key: randomUUID(), address, origin, handle, fd, close: () => close.call(handle) }
}

/**
 * The bare handle inside: a `net.Socket` sent as such would begin to read in the worker. `server.listen()` documents
 * that it takes it; `child.send()` takes it since `cluster` sends its own sockets so.
 */
export function handleOf(socket: Socket): SendHandle {
  return Reflect.get(socket, '_handle') as SendHandle
}
