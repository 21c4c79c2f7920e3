import { Agent, request } from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { memoryUsed } from '../../../test/support/memory-used.ts'
import { type MovingPlane, movingPlane } from '../../../test/support/moving-plane.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance } from '../../../test/support/raw-instance.ts'

const open: (() => unknown)[] = []
const SLOW = 500
const LARGE = 256 * 1024 * 1024
/** How long a drain may take; on a quiet machine it is over in two seconds. */
const DRAIN_MS = 10_000
const limits = { headMs: 1000, idleMs: 1500 }

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

const inside = 'GET /admin HTTP/1.1\r\nHost: a\r\n\r\n'
/** What a strict reader and a lax one read in two ways. */
const ambiguous = [
  `POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n1c\r\n${inside}\r\n0\r\n\r\n`,
  `POST /two HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${inside}`,
  `POST /three HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inside}`,
  `GET /four HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${inside}`,
  `POST /five HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n${inside}`,
]

/** Answers with its name; on idle connections it says what nobody asked for, when it is `evil`. */
async function instance(name: 'blue' | 'green', manner: 'good' | 'evil') {
  const answer = (body: string) =>
    `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const made = await rawInstance((socket, received) => {
    if (received.startsWith('GET /large')) return stream(socket)
    socket.write(answer(name))
    if (manner === 'evil') setTimeout(() => socket.write(answer('evil')), Math.random() * 4)
  })
  open.push(() => made.close())
  return made
}

async function askBlue(proxy: MovingPlane): Promise<string> {
  return (await fetch(`http://127.0.0.1:${proxy.port}/`)).text()
}

function stream(socket: Socket): void {
  const bytes = Buffer.alloc(65_536)
  let left = LARGE / bytes.length
  const more = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= 1
      if (!socket.write(bytes)) return void socket.once('drain', more)
    }
  }
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\n`)
  more()
}

/** Heads that come a byte at a time. */
async function slowloris(proxy: MovingPlane) {
  const clients = await Promise.all(Array.from({ length: SLOW }, () => rawClient(proxy.port)))
  const head = 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '
  let at = 0
  const trickle = setInterval(() => {
    const byte = head[at] ?? 'x'
    at += 1
    for (const client of clients) if (client.socket.writable) client.send(byte)
  }, 50)
  open.push(() => {
    clearInterval(trickle)
    for (const client of clients) client.destroy()
  })
  return clients
}

/** Good users, one request after the other each, until they are told to end. */
function users(proxy: MovingPlane) {
  const agent = new Agent({ keepAlive: true })
  const bodies = new Map<string, number>()
  const state = { isOver: false }
  const ask = (method: string): Promise<string> =>
    new Promise((resolve) => {
      const asked = request({ port: proxy.port, host: '127.0.0.1', agent, method }, (answer) => {
        let text = ''
        answer.on('data', (bytes) => (text += String(bytes)))
        answer.on('end', () => resolve(`${answer.statusCode} ${text}`))
      })
      asked.on('error', (error) => resolve(String(error)))
      asked.end(method === 'POST' ? 'body' : '')
    })
  const user = async (method: string) => {
    while (!state.isOver) {
      const got = await ask(method)
      bodies.set(got, (bodies.get(got) ?? 0) + 1)
    }
  }
  const running = Promise.all(['GET', 'POST', 'GET', 'POST'].map(user))
  return async () => {
    state.isOver = true
    await running
    agent.destroy()
    return bodies
  }
}

describe('hostile clients and a hostile instance while a release drains', () => {
  it('do not hold the drain up, pass nothing on, fill no memory, and cost good users nothing', async () => {
    const [blue, green] = [await instance('blue', 'evil'), await instance('green', 'good')]
    const proxy = await movingPlane(blue.port, green.port)
    open.push(() => proxy.close())
    proxy.before({ limits })
    // It is found out by the first of them, and its connections are used once from then on.
    expect(await askBlue(proxy)).toBe('blue')
    await expect.poll(() => blue.open()).toBe(0)
    const end = users(proxy)
    const before = memoryUsed()
    const reader = await rawClient(proxy.port)
    open.push(() => reader.destroy())
    reader.send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n')
    await reader.until(/200 OK/)
    reader.socket.pause()
    const slow = await slowloris(proxy)
    proxy.after({ limits })
    const began = performance.now()
    for (const bytes of ambiguous) {
      const client = await rawClient(proxy.port)
      client.send(`GET / HTTP/1.1\r\nHost: a\r\n\r\n${bytes}`)
      await client.over()
      expect(client.text()).toMatch(/^HTTP\/1\.1 200 [^]*greenHTTP\/1\.1 400 /)
      expect(client.text().match(/HTTP\/1\.1/g)).toHaveLength(2)
    }
    await Promise.all(slow.map((client) => client.until(/HTTP\/1\.1 408 /)))
    await proxy.until(({ running }) =>
      running.every(({ id, requests }) => id !== 'shop.blue.0' || requests === 0),
    )
    expect(performance.now() - began).toBeLessThan(DRAIN_MS)
    expect(memoryUsed() - before).toBeLessThan(32 * 1024 * 1024)
    const bodies = await end()
    expect([...bodies.keys()].toSorted()).toEqual(['200 blue', '200 green'])
    expect(blue.received() + green.received()).not.toMatch(/admin|one|two|three|four|five/)
    expect(proxy.tally().rejections).toMatchObject({ 'too-slow': SLOW })
  }, 20_000)
})
