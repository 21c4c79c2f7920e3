import { h2load } from '../load/h2load.ts'
import { hostAndPort, isEncrypted } from '../peers/peer.ts'
import type { CaseOfOne } from './case.ts'
import { atHalfLoad } from './at-half-load.ts'
import { loaded } from './loaded.ts'

/** Small GETs over HTTP/2, eight connections with eight streams each. */
export function http2Case(entry: 'h2' | 'h2c'): CaseOfOne {
  return {
    name: entry,
    entry,
    origin: 'tcp',
    needs: ['h2load'],
    take: async (trial) => {
      const { stage, seconds } = trial.terms
      const peer = await trial.start(entry, 'tcp')
      const scheme = isEncrypted(entry) ? 'https' : 'http'
      const url = `${scheme}://${hostAndPort(peer.address)}/`
      await h2load(stage, { url, seconds: 1 })
      const cost = await loaded(peer, () => h2load(stage, { url, seconds }))
      return atHalfLoad(cost, (perSecond) => h2load(stage, { url, seconds, perSecond }))
    },
  }
}
