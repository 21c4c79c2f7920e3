import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { h2Ask, h2Client } from '../../../test/support/h2-client.ts'
import {
  END_HEADERS,
  END_STREAM,
  FRAME,
  frame,
  frameClient,
  GET,
  fields,
} from '../../../test/support/h2-frames.ts'
import { h2Plane, type H2Plane } from '../../../test/support/h2-plane.ts'
import { rawInstance } from '../../../test/support/raw-instance.ts'
import { until } from '../../../test/support/until.ts'

const LONG = fields(
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/long'],
  [':authority', 'shop'],
)
const OPENS = END_HEADERS + END_STREAM

/** A plane before an instance whose `/long` takes until `finish` is called. */
async function withDownload(): Promise<H2Plane & { readonly finish: () => void }> {
  let waiting: Socket | undefined
  const instance = await rawInstance((socket, head) => {
    if (!head.startsWith('GET /long'))
      return void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst')
    waiting = socket
  })
  onTestFinished(() => instance.close())
  const plane = await h2Plane([instance.port])
  return { ...plane, finish: () => void waiting?.write('last!') }
}

describe('a client of HTTP/2 while the proxy drains', () => {
  it('is told in two steps, and served meanwhile', async () => {
    const { plane, port, finish, open } = await withDownload()
    const client = await frameClient(port)
    client.send(frame(FRAME.headers, OPENS, 1, LONG))
    await client.frame((each) => each.type === FRAME.data && each.stream === 1)
    const drained = plane.drain(1000)
    const notice = await client.frame((each) => each.type === FRAME.goaway)
    const noticedAtMs = performance.now()
    expect(notice?.payload.toString('hex')).toBe('7fffffff00000000')

    const ping = await client.frame((each) => each.type === FRAME.ping && each.flags === 0)
    const late = Array.from({ length: 49 }, (_, at) => 3 + 2 * at)
    client.send(...late.map((id) => frame(FRAME.headers, OPENS, id, GET)))
    for (const id of late) {
      const data = await client.frame((each) => each.type === FRAME.data && each.stream === id)
      expect(data?.payload.toString()).toBe('ok')
    }

    client.send(frame(FRAME.ping, 1, 0, ping?.payload ?? ''))
    const final = await client.frame((each) => each.type === FRAME.goaway && each !== notice)
    expect(performance.now() - noticedAtMs).toBeGreaterThan(900)
    expect(final?.payload.toString('hex')).toBe('0000006300000000')
    client.send(frame(FRAME.headers, OPENS, 101, GET))
    finish()
    const last = await client.frame((each) => each.stream === 1 && (each.flags & END_STREAM) > 0)
    expect(last).toBeDefined()
    await client.closed
    expect(client.frames.some((each) => each.stream === 101)).toBe(false)
    await drained
    expect(open()).toBe(0)
  })

  it('may leave at the first word, and gets all that it has asked for', async () => {
    const { plane, port, finish, open } = await withDownload()
    const client = await h2Client(port)
    const told = once(client, 'goaway')
    const long = client.request({ ':path': '/long' })
    let downloaded = ''
    long.setEncoding('latin1').on('data', (bytes: string) => (downloaded += bytes))
    await once(long, 'response')
    const many = Array.from({ length: 49 }, () => h2Ask(client, { ':path': '/' }))
    const drained = plane.drain(1000)
    await told
    const answers = await Promise.all(many)
    expect(answers.every((answer) => answer.body === 'ok')).toBe(true)
    finish()
    await once(long, 'close')
    expect(downloaded).toBe('firstlast!')
    await drained
    await until(
      async () => open(),
      (count) => count === 0,
    )
  })
})
