import type { Strand } from './arrivals.ts'
import type { Call } from './call.ts'

export interface ServiceMix {
  readonly paths: readonly string[]
  /** Requests per second, over all paths and kinds. */
  readonly perSecond: number
  /** Receives `{"id": …}`, each id once. */
  readonly post?: string
  /** Is opened once a second and held for a second. */
  readonly websocket?: string
}

/** Load for a service nobody here knows: reads, on kept and on fresh connections; more only where asked for. */
export function serviceMix(mix: ServiceMix): readonly Strand[] {
  const { paths, post, websocket } = mix
  const each = mix.perSecond / (paths.length + (post === undefined ? 0 : 1))
  const strands = paths.flatMap((path): Strand[] => [
    { perSecond: each * 0.7, make: () => getCall(path, 'kept') },
    { perSecond: each * 0.3, make: () => getCall(path, 'fresh') },
  ])
  if (post !== undefined) strands.push({ perSecond: each, make: (n) => postCall(post, n) })
  if (websocket !== undefined) {
    const make: Strand['make'] = () => ({
      kind: 'websocket',
      path: websocket,
      lastsMs: 1_000,
      talk: 'silent',
    })
    strands.push({ perSecond: 1, make })
  }
  return strands
}

function getCall(path: string, connection: Call['connection']): Call {
  return { kind: connection === 'kept' ? 'get' : 'get-fresh', method: 'GET', path, connection }
}

function postCall(path: string, n: number): Call {
  const bytes = Buffer.from(JSON.stringify({ id: `prove-${process.pid}-${n}` }))
  const headers = { 'Content-Type': 'application/json' }
  const body = { bytes, framing: 'length', overMs: 0 } as const
  return { kind: 'post', method: 'POST', path, connection: 'kept', headers, body }
}
