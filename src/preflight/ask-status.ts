import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Abortable } from '../core/clock.ts'
import type { InstanceAddress } from '../core/address.ts'

export interface Asking extends Abortable {
  readonly timeoutMs: number
}

/** The status that `GET path` is answered with, or why there is none: `ECONNREFUSED`, `no answer in 2000 ms`. */
export async function askStatus(
  address: InstanceAddress,
  { service, path }: { readonly service: string; readonly path: string },
  asking: Asking,
): Promise<number | string> {
  return reasoned(asking, async (signal) => {
    const headers = { host: service, 'user-agent': 'midflight-preflight', connection: 'close' }
    const target = 'path' in address ? { socketPath: address.path } : address
    const sent = request({ ...target, path, headers, agent: false, signal }).end()
    // The signal may end it again after its answer has begun.
    sent.on('error', () => undefined)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    sent.destroy()
    return answer.statusCode ?? 0
  })
}

/** A connection to the instance, or why there is none. */
export async function connectTo(
  address: InstanceAddress,
  asking: Asking,
): Promise<Socket | string> {
  return reasoned(asking, async (signal) => {
    const socket = connect(address)
    // Whoever uses it sees that it closes.
    socket.on('error', () => undefined)
    try {
      await once(socket, 'connect', { signal })
      return socket
    } catch (error) {
      socket.destroy()
      throw error
    }
  })
}

/** What went wrong, in a word, unless the caller itself ended it. */
async function reasoned<T>(
  { signal, timeoutMs }: Asking,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | string> {
  signal?.throwIfAborted()
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    return await work(signal ? AbortSignal.any([signal, timeout]) : timeout)
  } catch (error) {
    signal?.throwIfAborted()
    if (timeout.aborted) return `no answer in ${timeoutMs} ms`
    return String((error as { code?: unknown }).code ?? error)
  }
}
