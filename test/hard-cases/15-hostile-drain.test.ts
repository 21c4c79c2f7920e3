import { Agent, request } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { appInstance, draining, proxyOfTwo } from '../support/proxy-and-apps.ts'
import { rawClient, type RawClient } from '../support/raw-client.ts'
import { until } from '../support/until.ts'

/** Through each worker. */
const SLOW = 250
/** How long the drain may take; on a quiet machine it is over in two seconds. */
const DRAIN_MS = 10_000
/** Each of two readers asks for four times as much and takes nothing. */
const MOST_BYTES = 64 * 1024 * 1024

const inside = 'GET /admin HTTP/1.1\r\nHost: a\r\n\r\n'
/** What a strict reader and a lax one read in two ways. */
const ambiguous = [
  `POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n1c\r\n${inside}\r\n0\r\n\r\n`,
  `POST /two HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${inside}`,
  `POST /three HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inside}`,
  `GET /four HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${inside}`,
  `POST /five HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n${inside}`,
]

async function asking(port: number, head: string): Promise<RawClient> {
  const client = await rawClient(port)
  onTestFinished(() => client.destroy())
  client.send(head)
  return client
}

interface ChattyReport {
  readonly received: string
  readonly seenThrough: number
}

/** Heads that come a byte at a time. */
async function slowloris(port: number): Promise<RawClient[]> {
  const head = 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '
  const clients = await Promise.all(Array.from({ length: SLOW }, () => asking(port, head[0]!)))
  let at = 0
  const trickle = setInterval(() => {
    const byte = head[(at += 1)] ?? 'x'
    for (const client of clients) if (client.socket.writable) client.send(byte)
  }, 50)
  onTestFinished(() => clearInterval(trickle))
  return clients
}

/** Asks for much and takes nothing. */
async function stuckReader(port: number): Promise<void> {
  const client = await asking(port, 'GET /large HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until(/200 OK/)
  client.socket.pause()
}

async function sendAmbiguous(port: number): Promise<void> {
  for (const bytes of ambiguous) {
    const client = await asking(port, `GET / HTTP/1.1\r\nHost: a\r\n\r\n${bytes}`)
    await client.over()
    expect(client.text()).toMatch(/^HTTP\/1\.1 200 [^]*greenHTTP\/1\.1 400 /)
    expect(client.text().match(/HTTP\/1\.1/g)).toHaveLength(2)
  }
}

/** Good users, one request after the other each, until they are told to end. */
function users(port: number): () => Promise<ReadonlySet<string>> {
  const agent = new Agent({ keepAlive: true })
  const seen = new Set<string>()
  const state = { isOver: false }
  const ask = (method: string): Promise<string> =>
    new Promise((resolve) => {
      const asked = request({ port, host: '127.0.0.1', agent, method }, (answer) => {
        let text = ''
        answer.on('data', (bytes) => (text += String(bytes)))
        answer.on('end', () => resolve(`${answer.statusCode} ${text}`))
      })
      asked.on('error', (error) => resolve(String(error)))
      asked.end(method === 'POST' ? 'body' : '')
    })
  const user = async (method: string): Promise<void> => {
    while (!state.isOver) seen.add(await ask(method))
  }
  const all = Promise.all(['GET', 'POST', 'GET', 'POST'].map(user))
  return async () => {
    state.isOver = true
    await all
    agent.destroy()
    return seen
  }
}

it('hostile clients and a hostile instance do not hold a drain up, pass nothing on, fill no memory, and cost good users nothing', async () => {
  // given a hostile blue that both workers have seen through, good users, and readers that do not read
  const blue = await appInstance<ChattyReport>('blue', { app: 'chatty' })
  const green = await appInstance('green')
  const proxy = await proxyOfTwo()
  const { port } = proxy
  const how = { limits: { headMs: 1500, idleMs: 1500 } }
  await proxy.serve([blue.routed, green.routed], how)
  let workers = 0
  await proxy.throughEach(async () => {
    await (await asking(port, 'GET /through HTTP/1.1\r\nHost: a\r\n\r\n')).until(/blue$/)
    // Before that, what it says next may well be taken for the answer to somebody else.
    workers += 1
    await until(
      async () => blue.report(),
      ({ seenThrough }) => seenThrough === workers,
    )
  })
  const end = users(port)
  const before = await proxy.memory()
  await proxy.throughEach(() => stuckReader(port))

  // when blue drains, under slow heads and requests that can be read in two ways
  const slow = (await proxy.throughEach(() => slowloris(port))).flat()
  const drainedAtMs = performance.now()
  await proxy.route([draining(blue), green.routed], how)
  await proxy.throughEach(() => sendAmbiguous(port))

  // then the drain ends in time, and the memory is what it was
  await Promise.all(slow.map((client) => client.until(/HTTP\/1\.1 408 /)))
  await proxy.until(({ instances: [left] }) => left?.requests === 0)
  expect(performance.now() - drainedAtMs).toBeLessThan(DRAIN_MS)
  expect((await proxy.memory()) - before).toBeLessThan(MOST_BYTES)

  // and good users were answered, and nothing hostile was passed on
  expect([...(await end())].toSorted()).toEqual(['200 blue', '200 green'])
  const arrived = JSON.stringify([await blue.report(), (await green.report()).asked])
  expect(arrived).not.toMatch(/admin|one|two|three|four|five/)
  await proxy.until(({ rejections }) => rejections?.['too-slow'] === slow.length)
})
