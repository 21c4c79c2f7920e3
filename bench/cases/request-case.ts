import { generateLoad } from '../load/generate-load.ts'
import type { Talk } from '../load/talk.ts'
import { wrk, type WrkPlan } from '../load/wrk.ts'
import { hostAndPort, isEncrypted } from '../peers/peer.ts'
import type { RunningPeer } from '../peers/start-peer.ts'
import type { Sample } from '../sample.ts'
import type { Case } from './case.ts'
import { loaded } from './loaded.ts'
import { atHalfLoad } from './at-half-load.ts'

export interface RequestTerms {
  readonly entry?: 'http' | 'tls'
  readonly origin?: 'tcp' | 'unix'
  readonly path?: string
  readonly post?: string
  readonly connection?: 'kept' | 'fresh'
  readonly connections?: number
}

/** Requests over HTTP/1.1: what they cost at full load, and how long they take at half of it. */
export function requestCase(name: string, terms: RequestTerms = {}): Case {
  const { entry = 'http', origin = 'tcp', connections = 64 } = terms
  return {
    name,
    entry,
    origin,
    needs: ['wrk'],
    take: async (trial): Promise<Sample> => {
      const { stage, seconds } = trial.terms
      const peer = await trial.start(entry, origin)
      const plan = { ...wrkPlanOf(peer, terms), connections, seconds }
      await wrk(stage, { ...plan, seconds: 1 })
      const cost = await loaded(peer, () => wrk(stage, plan))
      const half = { talk: talkOf(peer, terms), seconds, connections }
      return atHalfLoad(cost, (perSecond) => generateLoad(stage, { ...half, perSecond }))
    },
  }
}

function wrkPlanOf(
  { address, setup }: RunningPeer,
  { path = '/', post, connection = 'kept' }: RequestTerms,
): Omit<WrkPlan, 'seconds' | 'connections'> {
  const scheme = isEncrypted(setup.entry) ? 'https' : 'http'
  const url = `${scheme}://${hostAndPort(address)}${path}`
  return { url, connection, ...(post !== undefined && { post }) }
}

function talkOf({ address, setup }: RunningPeer, terms: RequestTerms): Talk {
  const { path = '/', post, connection = 'kept' } = terms
  const lines = [
    `${post === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    `Host: ${hostAndPort(address)}`,
    ...(connection === 'fresh' ? ['Connection: close'] : []),
    ...(post === undefined ? [] : [`Content-Length: ${post.length}`]),
  ]
  return {
    address,
    encrypted: isEncrypted(setup.entry),
    message: `${lines.join('\r\n')}\r\n\r\n${post ?? ''}`,
    answer: 'content-length',
    connection,
  }
}
