import { request } from 'node:http'
import type { ServiceName } from '../../core/names.ts'
import type { Address, InstanceAddress } from '../../core/address.ts'
import type { ReadySpec } from '../../core/service.ts'

/** What one check found. A bad one says why in words. */
export type Finding = { readonly good: true } | { readonly good: false; readonly reason: string }

/**
 * Asks one instance once whether it is ready: `GET ready.path` on a connection of its own, with the service's name as
 * Host. 200 to 399 is good. No answer within `ready.timeoutMs` milliseconds is bad. Never rejects.
 */
export function checkHealth(
  service: ServiceName,
  address: InstanceAddress,
  ready: ReadySpec,
): Promise<Finding> {
  const { promise, resolve } = Promise.withResolvers<Finding>()
  const deadline = AbortSignal.timeout(ready.timeoutMs)
  const asked = request({
    ...socketOf(address),
    path: ready.path,
    agent: false,
    headers: { host: service, 'user-agent': 'midflight-health' },
    signal: deadline,
  })
  asked.on('response', (answer) => {
    resolve(findingOf(answer.statusCode ?? 0, ready.path))
    answer.on('error', () => undefined)
    asked.destroy()
  })
  asked.on('error', (error) => {
    resolve({
      good: false,
      reason: deadline.aborted ? `no answer within ${inWords(ready.timeoutMs)}` : wordsFor(error),
    })
  })
  asked.end()
  return promise
}

function findingOf(status: number, path: string): Finding {
  if (status >= 200 && status <= 399) return { good: true }
  return { good: false, reason: `answered ${status} on GET ${path}` }
}

function wordsFor(error: Error): string {
  switch ((error as { code?: unknown }).code) {
    case 'ECONNREFUSED':
      return 'connection refused'
    case 'ECONNRESET':
      return 'connection closed without an answer'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'host not reachable'
    default:
      return error.message
  }
}

function inWords(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}

function socketOf(address: InstanceAddress): { socketPath: string } | Address {
  return 'path' in address ? { socketPath: address.path } : address
}
