import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import type { Strand } from './arrivals.ts'
import type { Body, Call, Kind } from './call.ts'
import { pattern, patternFault } from './pattern.ts'

export interface DemoMix {
  /** Short requests per second, all kinds of them together; the long ones come on top. */
  readonly perSecond: number
  /** Begins every id, so that two runs may share a ledger. */
  readonly run: string
}

const LONG_MS = 1_500
const UPLOAD_BYTES = 96 * 1_024
const DOWNLOAD_BYTES = 192 * 1_024
const EVENTS = 12

/** Everything the sample app of `examples/01-node-service` can do, all at once. */
export function demoMix({ perSecond, run }: DemoMix): readonly Strand[] {
  const order = (kind: 'post' | 'post-fresh') => (n: number) =>
    orderCall(kind, `${run}-${kind}-${n}`)
  return [
    { perSecond: perSecond * 0.4, make: () => getCall('get') },
    { perSecond: perSecond * 0.2, make: () => getCall('get-fresh') },
    { perSecond: perSecond * 0.25, make: order('post') },
    { perSecond: perSecond * 0.15, make: order('post-fresh') },
    { perSecond: 4, make: (n) => uploadCall(`${run}-upload-${n}`, n) },
    { perSecond: 3, make: (n) => downloadCall(n) },
    { perSecond: 1, make: () => eventsCall() },
    {
      perSecond: 4,
      make: () => ({ kind: 'websocket', path: '/ws', lastsMs: 1_200, talk: 'echo' }),
    },
  ]
}

function getCall(kind: 'get' | 'get-fresh'): Call {
  const connection = kind === 'get' ? 'kept' : 'fresh'
  const check = (answer: Answer) => wrong(answer, 200, { version: answer.headers['x-version'] })
  return { kind, method: 'GET', path: '/', connection, check }
}

function orderCall(kind: 'post' | 'post-fresh', id: string): Call {
  return {
    kind,
    method: 'POST',
    path: '/orders',
    connection: kind === 'post' ? 'kept' : 'fresh',
    headers: { 'Content-Type': 'application/json' },
    body: { bytes: Buffer.from(JSON.stringify({ id })), framing: 'length', overMs: 0 },
    effect: { id },
    check: (answer) => wrong(answer, 201, { id }),
  }
}

/** With a length and chunked in turn, on kept and on fresh connections. */
function uploadCall(id: string, n: number): Call {
  const bytes = pattern(UPLOAD_BYTES, n)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const framing: Body['framing'] = n % 2 === 0 ? 'length' : 'chunked'
  return {
    kind: 'upload',
    method: 'PUT',
    path: `/upload/${id}`,
    connection: n % 4 < 2 ? 'kept' : 'fresh',
    body: { bytes, framing, overMs: LONG_MS },
    effect: { id, sha256 },
    check: (answer) => wrong(answer, 201, { id, bytes: UPLOAD_BYTES, sha256 }),
  }
}

function downloadCall(n: number): Call {
  const framing = n % 2 === 0 ? '' : '&chunked'
  return {
    kind: 'download',
    method: 'GET',
    path: `/download?bytes=${DOWNLOAD_BYTES}&ms=${LONG_MS}${framing}`,
    connection: n % 4 < 2 ? 'kept' : 'fresh',
    check: (answer) => patternFault(answer, DOWNLOAD_BYTES),
  }
}

function eventsCall(): Call {
  const kind: Kind = 'events'
  const check = (answer: Answer) => {
    const seen = answer.body.toString().split('\n\n').length - 1
    return seen === EVENTS ? undefined : `${seen} events came, not ${EVENTS}`
  }
  return { kind, method: 'GET', path: `/events?count=${EVENTS}`, connection: 'fresh', check }
}

/** What is wrong with an answer that should be JSON with these values. */
function wrong(
  answer: Answer,
  status: number,
  values: Readonly<Record<string, unknown>>,
): string | undefined {
  if (answer.status !== status) return `answered ${answer.status}, not ${status}`
  const body = parsed(answer.body.toString())
  const bad = Object.keys(values).find((key) => body?.[key] !== values[key])
  return bad === undefined
    ? undefined
    : `the answer's ${bad} is ${String(body?.[bad])}, not ${String(values[bad])}`
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    // A body that is no JSON is what the check is there to find.
    return undefined
  }
}
