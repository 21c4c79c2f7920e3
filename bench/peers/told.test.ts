import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { availableParallelism } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Stage } from '../stage.ts'
import { whereIs } from '../where-is.ts'
import { caddy } from './caddy.ts'
import { haproxy } from './haproxy.ts'
import { midflight } from './midflight.ts'
import { nginx } from './nginx.ts'
import { startPeer } from './start-peer.ts'

const LAST_CORE = String(availableParallelism() - 1)

/** What is told of a GET to `127.0.0.1:PORT`, in the order of the alphabet. */
const linesFor = (port: number) => [
  [
    'forwarded',
    expect.stringMatching(`^for="?127\\.0\\.0\\.1"?;host="127\\.0\\.0\\.1:${port}";proto=http$`),
  ],
  ['host', `127.0.0.1:${port}`],
  ['traceparent', expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)],
  ['via', expect.stringMatching(/^1\.1 /)],
  ['x-forwarded-for', '127.0.0.1'],
  ['x-forwarded-host', `127.0.0.1:${port}`],
  ['x-forwarded-port', String(port)],
  ['x-forwarded-proto', 'http'],
  ['x-request-id', expect.stringMatching(/^[0-9a-f-]{32,36}$/)],
]

describe('what an instance is told of a request', () => {
  let stage: Stage
  let instance: Server
  let heads: string[] = []

  beforeAll(async () => {
    stage = await Stage.open()
    instance = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.on('data', (chunk) => {
        heads.push(chunk.toString('latin1'))
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    await once(instance.listen(0, '127.0.0.1'), 'listening')
  })

  afterAll(async () => {
    await stage.end()
    instance.close()
  })

  for (const peer of [midflight, nginx, haproxy, caddy])
    it.skipIf(whereIs(peer.program) === undefined)(
      `is the same with ${peer.name} as with every other proxy that is measured`,
      { timeout: 20_000 },
      async () => {
        const { port } = instance.address() as AddressInfo
        const running = await startPeer(peer, {
          stage,
          core: LAST_CORE,
          entry: 'http',
          origin: { host: '127.0.0.1', port },
          certificate: { cert: '', key: '', both: '' },
        })
        heads = []
        const answer = await fetch(`http://127.0.0.1:${running.address.port}/`)
        expect(await answer.text()).toBe('ok')
        expect(toldIn(heads[0] ?? '')).toEqual(linesFor(running.address.port))
        await running.stop()
      },
    )
})

/** The lines that a proxy writes; what the client said itself, and about the connection, is left out. */
function toldIn(head: string): readonly (readonly string[])[] {
  const lines = head.split('\r\n\r\n', 1)[0]?.split('\r\n').slice(1) ?? []
  return lines
    .map((line) => [line.split(': ', 1)[0]?.toLowerCase() ?? '', line.slice(line.indexOf(' ') + 1)])
    .filter(([name = '']) => /^(host|forwarded|via|traceparent|x-.*)$/.test(name))
    .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1))
}
