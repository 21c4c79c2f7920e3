import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Abortable } from '../core/clock.ts'
import type { InstanceAddress } from '../core/address.ts'
import { connectTo } from './ask-status.ts'

/** A request that the app has begun to read and that is not over. */
export interface RunningRequest {
  /** Sends the rest of it. Whether an answer came, any answer, before the connection closed or `timeoutMs` was over. */
  finish(timeoutMs: number): Promise<boolean>
}

/**
 * Begins `GET path` and holds back the end of its head: that much of a request has no effect in any app, and a server that
 * ends well waits for the rest of it.
 */
export async function beginRequest(
  address: InstanceAddress,
  { service, path }: { readonly service: string; readonly path: string },
  options: Abortable & { readonly timeoutMs: number },
): Promise<RunningRequest> {
  const socket = await connectTo(address, options)
  if (typeof socket === 'string') return { finish: async () => false }
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${service}\r\nUser-Agent: midflight-preflight\r\n`)
  return { finish: async (timeoutMs) => finish(socket, timeoutMs) }
}

async function finish(socket: Socket, timeoutMs: number): Promise<boolean> {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(timeoutMs)])
  const heard = once(socket, 'data', { signal }).then(
    () => true,
    () => false,
  )
  const closed = once(socket, 'close', { signal }).then(
    () => false,
    () => false,
  )
  try {
    if (socket.closed) return false
    socket.write('Connection: close\r\n\r\n')
    return await Promise.race([heard, closed])
  } finally {
    over.abort()
    socket.destroy()
  }
}
