import { generateLoad } from '../load/generate-load.ts'
import type { LoadPlan, Talk } from '../load/talk.ts'
import { hostAndPort } from '../peers/peer.ts'
import type { RunningPeer } from '../peers/start-peer.ts'
import { atHalfLoad } from './at-half-load.ts'
import type { CaseOfOne } from './case.ts'
import { loaded } from './loaded.ts'

const CONNECTIONS = 32
const PAYLOAD = 32
/** FIN and text; masked and the length; a mask of zeros leaves the payload as it is (RFC 6455 §5.2). */
const FRAME = `\x81${String.fromCharCode(0x80 | PAYLOAD)}\0\0\0\0${'x'.repeat(PAYLOAD)}`

/** Short messages that come back: a request here is one of them. */
export function websocketCase(name: string): CaseOfOne {
  return {
    name,
    entry: 'http',
    origin: 'sink',
    needs: [],
    take: async (trial) => {
      const { stage, seconds } = trial.terms
      const peer = await trial.start('http', 'sink')
      const plan = planFor(peer, seconds)
      await generateLoad(stage, { ...plan, seconds: 1 })
      const cost = await loaded(peer, () => generateLoad(stage, plan))
      return atHalfLoad(cost, (perSecond) => generateLoad(stage, { ...plan, perSecond }))
    },
  }
}

function planFor({ address }: RunningPeer, seconds: number): LoadPlan {
  const lines = [
    'GET / HTTP/1.1',
    `Host: ${hostAndPort(address)}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  const opening = `${lines.join('\r\n')}\r\n\r\n`
  const message = { opening, message: FRAME, answer: PAYLOAD + 2 }
  const talk: Talk = { address, encrypted: false, ...message, connection: 'kept' }
  return { talk, seconds, connections: CONNECTIONS }
}
