import { lookup as resolve } from 'node:dns/promises'
import { once } from 'node:events'
import { type IncomingMessage, request as requestPlain, type RequestOptions } from 'node:http'
import { request as requestTls } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { certificateFault } from './certificate-fault.ts'
import { isPrivate } from './is-private.ts'

export interface Sending {
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** Secrets, perhaps: no other origin gets them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** A longer answer is a failure. */
  readonly mostBytes: number
}

/** No part of a URL but its host is ever told: paths and queries hold secrets. */
export type Received =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'failure'; readonly why: string }

export interface Place {
  readonly address: string
  readonly family: number
}

/** Who knows where names lead, and which addresses are nobody's but ours. */
export interface Names {
  resolve(host: string): Promise<Place[]>
  isPrivate(address: string): boolean
}

const SYSTEM: Names = { resolve: async (host) => resolve(host, { all: true }), isPrivate }

const MOST_REDIRECTS = 3

/**
 * Sends one request to a URL that a person configured, and follows its redirects (RFC 9110 §15.4; a POST only by 307
 * and 308) as long as they lead nowhere the person did not mean: never from HTTPS to HTTP, never to a private address
 * unless the configured URL is one itself. It connects to the very address that was looked at, so that a name cannot
 * mean another one a moment later. Rejects only when the signal fires, with its reason.
 */
export async function sendGuarded(
  sending: Sending,
  signal: AbortSignal,
  names: Names = SYSTEM,
): Promise<Received> {
  try {
    return await follow(sending, signal, names)
  } catch (error) {
    signal.throwIfAborted()
    const code = codeOf(error)
    return failure(certificateFault(code) ?? `it could not be asked (${code})`)
  }
}

async function follow(sending: Sending, signal: AbortSignal, names: Names): Promise<Received> {
  let url = new URL(sending.url)
  let places = await placesOf(url, signal, names)
  const mayBePrivate = places.some(({ address }) => names.isPrivate(address))
  let headers = sending.headers
  for (let left = MOST_REDIRECTS; ; left -= 1) {
    const answer = await send({ ...sending, headers }, { url, places, signal })
    const next = locationOf(answer, sending.method, url)
    if (!next) return read(answer, sending.mostBytes)
    answer.destroy()
    if (left === 0) return failure(`it redirects more than ${MOST_REDIRECTS} times`)
    if (!isAsSafe(url, next)) return failure(`it redirects to ${next.protocol}//${next.host}`)
    places = await placesOf(next, signal, names)
    if (!mayBePrivate && places.some(({ address }) => names.isPrivate(address)))
      return failure(`it redirects to ${next.host}, which is a private address`)
    if (next.origin !== url.origin) headers = {}
    url = next
  }
}

/** Where a host is now: what is asked next goes to one of these and to no other. */
async function placesOf(url: URL, signal: AbortSignal, names: Names): Promise<Place[]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(host)
  if (family !== 0) return [{ address: host, family }]
  return Promise.race([names.resolve(host), whenAborted(signal)])
}

async function whenAborted(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted()
  await once(signal, 'abort')
  throw signal.reason
}

interface Way {
  readonly url: URL
  readonly places: Place[]
  readonly signal: AbortSignal
}

async function send(sending: Sending, { url, places, signal }: Way): Promise<IncomingMessage> {
  const { method, body } = sending
  const lookup: LookupFunction = (_host, options, tell) => {
    const [first] = places
    if (options.all) tell(null, places)
    else tell(null, first?.address ?? '', first?.family)
  }
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const headers = { 'user-agent': 'midflight', ...sending.headers, ...length }
  const options: RequestOptions = { method, headers, lookup, signal, agent: false }
  const request = url.protocol === 'https:' ? requestTls : requestPlain
  const asking = request(url, options).end(body)
  // Until there is an answer `once` hears of errors, then whoever reads it; the request tells of some a second time.
  asking.on('error', () => undefined)
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  return answer
}

/** Where it wants to be asked instead. A POST that would become a GET is not the same question. */
function locationOf(
  { statusCode = 0, headers }: IncomingMessage,
  method: Sending['method'],
  url: URL,
): URL | undefined {
  const statuses = method === 'GET' ? [301, 302, 303, 307, 308] : [307, 308]
  if (!statuses.includes(statusCode) || headers.location === undefined) return undefined
  return new URL(headers.location, url)
}

function isAsSafe(from: URL, to: URL): boolean {
  return to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:')
}

async function read(answer: IncomingMessage, mostBytes: number): Promise<Received> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Leaving the loop destroys the answer, and its connection.
    if (bytes > mostBytes) return failure(`its answer is longer than ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks).toString('utf8')
  return { kind: 'answer', status: answer.statusCode ?? 0, body }
}

function failure(why: string): Received {
  return { kind: 'failure', why }
}

/** The code alone: messages may hold the URL. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
