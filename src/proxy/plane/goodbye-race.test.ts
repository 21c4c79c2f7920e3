import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { planeUnderTest } from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

/** Turns of the loop between the request and the goodbye: every moment from before it is read to after it has left. */
const TURNS = [0, 1, 2, 3, 4, 5, 6, 7, 8]
const POST = 'POST / HTTP/1.1\r\nHost: a\r\n'
/** What the client sends first, and what when the connection to the instance has broken. */
const BODIES: readonly (readonly [string, string, string])[] = [
  ['a length', `${POST}Content-Length: 4\r\n\r\nbody`, ''],
  ['chunks', `${POST}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n`, ''],
  ['half of it', `${POST}Content-Length: 4\r\n\r\nbo`, 'dy'],
  ['nothing of it', `${POST}Content-Length: 4\r\n\r\n`, 'body'],
]

/** A client with a kept connection to an instance that answers what it was sent, and whose connections can break. */
async function world() {
  const bodies: string[] = []
  let last: Socket | undefined
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => 'broken off')
    if (request.method === 'POST') bodies.push(body)
    response.end(`<${body}>`)
  })
  server.on('connection', (socket) => (last = socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(
    () => server.close(),
    () => server.closeAllConnections(),
  )
  const proxy = await planeUnderTest()
  open.push(() => proxy.close())
  proxy.to([(server.address() as AddressInfo).port])
  const client = await rawClient(proxy.port)
  open.push(() => client.destroy())
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until(/<>/)
  return { client, bodies, breakOff: () => last?.resetAndDestroy() }
}

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await new Promise(setImmediate)
}

describe.each(BODIES)('a POST of which the client has sent %s', (_, first, rest) => {
  it.each(TURNS)(
    'arrives whole and once, or is answered at once, when the instance leaves %i turns later',
    async (count) => {
      const { client, bodies, breakOff } = await world()
      client.send(first)
      await turns(count)
      breakOff()
      await turns(3)
      client.send(rest)
      const answer = await client.until(/<>.*(<body>|HTTP\/1\.1 50[23] )/s)
      const whole = bodies.filter((body) => body !== 'broken off')
      expect(whole.length).toBeLessThanOrEqual(1)
      if (answer.endsWith('<body>')) expect(whole).toEqual(['body'])
    },
    3_000,
  )
})
