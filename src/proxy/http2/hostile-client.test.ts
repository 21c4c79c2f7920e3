import { describe, expect, it, onTestFinished } from 'vitest'
import { h2Ask, h2Client } from '../../../test/support/h2-client.ts'
import {
  END_HEADERS,
  END_STREAM,
  fields,
  type Frame,
  FRAME,
  frame,
  type FrameClient,
  frameClient,
  GET,
} from '../../../test/support/h2-frames.ts'
import { h2Plane, type H2Plane } from '../../../test/support/h2-plane.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'

const OPENS = END_HEADERS + END_STREAM
const METHOD = [':method', 'GET'] as const
const SCHEME = [':scheme', 'http'] as const
const PATH = [':path', '/'] as const
const AUTHORITY = [':authority', 'shop'] as const
const REQUEST = [METHOD, SCHEME, PATH, AUTHORITY]

interface Scene extends H2Plane {
  readonly client: FrameClient
  readonly instance: RawInstance
}

async function scene(limits = {}): Promise<Scene> {
  const instance = await rawInstance((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
  onTestFinished(() => instance.close())
  const plane = await h2Plane([instance.port], { limits })
  return { ...plane, instance, client: await frameClient(plane.port) }
}

/** Others are served as before, and the instance has seen nothing of the hostile one. */
async function goesOn({ port, instance }: Scene): Promise<void> {
  expect(instance.received()).toBe('')
  const answer = await h2Ask(await h2Client(port), { ':path': '/' })
  expect(answer.body).toBe('ok')
}

const isEnd = (each: Frame): boolean => each.type === FRAME.goaway || each.type === FRAME.reset

describe('a request of HTTP/2 that two parties could read in two ways', () => {
  it.each([
    ['a field in upper case (RFC 9113 §8.2.1)', [...REQUEST, ['X-Up', '1']]],
    ['Connection (§8.2.2)', [...REQUEST, ['connection', 'close']]],
    ['Transfer-Encoding', [...REQUEST, ['transfer-encoding', 'chunked']]],
    ['Upgrade', [...REQUEST, ['upgrade', 'h2c']]],
    ['Keep-Alive', [...REQUEST, ['keep-alive', '1']]],
    ['Proxy-Connection', [...REQUEST, ['proxy-connection', 'close']]],
    ['TE with another coding', [...REQUEST, ['te', 'gzip']]],
    ['a pseudo field behind others (§8.3)', [METHOD, SCHEME, AUTHORITY, ['x-a', '1'], PATH]],
    ['a pseudo field that there is not', [...REQUEST, [':x', '1']]],
    [':status in a request', [...REQUEST, [':status', '200']]],
    ['two paths', [...REQUEST, PATH]],
    ['no path', [METHOD, SCHEME, AUTHORITY]],
    ['an empty path', [METHOD, SCHEME, [':path', ''], AUTHORITY]],
    ['a path with a space', [METHOD, SCHEME, [':path', '/a b'], AUTHORITY]],
    ['a path with a line break', [METHOD, SCHEME, [':path', '/ HTTP/1.1\r\nx: y'], AUTHORITY]],
    ['a fragment', [METHOD, SCHEME, [':path', '/a#b'], AUTHORITY]],
    ['an absolute path', [METHOD, SCHEME, [':path', 'http://other/'], AUTHORITY]],
    ['a method with a space', [[':method', 'GET /x'], SCHEME, PATH, AUTHORITY]],
    ['no scheme', [METHOD, PATH, AUTHORITY]],
    ['another scheme', [METHOD, [':scheme', 'ftp'], PATH, AUTHORITY]],
    ['no authority', [METHOD, SCHEME, PATH]],
    ['a user in the authority', [METHOD, SCHEME, PATH, [':authority', 'me@shop']]],
    ['another Host than :authority (§8.3.1)', [...REQUEST, ['host', 'other']]],
    ['two Hosts', [METHOD, SCHEME, PATH, ['host', 'shop'], ['host', 'shop']]],
    ['two lengths', [...REQUEST, ['content-length', '0'], ['content-length', '1']]],
    ['a length that is no number', [...REQUEST, ['content-length', '+1']]],
    ['a length, and no body (§8.1.1)', [...REQUEST, ['content-length', '5']]],
    ['CONNECT', [[':method', 'CONNECT'], AUTHORITY]],
    [
      'CONNECT to another protocol',
      [[':method', 'CONNECT'], [':protocol', 'x'], SCHEME, PATH, AUTHORITY],
    ],
  ] as [string, (readonly [string, string])[]][])('is not passed on: %s', async (_what, pairs) => {
    const all = await scene()
    all.client.send(frame(FRAME.headers, OPENS, 1, fields(...pairs)))
    const end = await all.client.frame((each) => isEnd(each) || each.type === FRAME.headers)
    expect(end).toBeDefined()
    if (end?.type === FRAME.headers) expect(all.tally().rejected).toBe(1)
    await goesOn(all)
  })

  it.each([
    ['a line break in its value (§10.3)', 'x-a', 'b\r\nx-c: d'],
    ['a NUL in its value (§10.3)', 'x-a', 'b\0c'],
    ['a colon in its name', 'x:a', 'b'],
    ['a space in its name', 'x a', 'b'],
  ])('loses a field with %s, by which nobody can be misled', async (_what, name, value) => {
    const all = await scene()
    all.client.send(frame(FRAME.headers, OPENS, 1, fields(...REQUEST, [name, value])))
    await all.client.frame((each) => isEnd(each) || each.type === FRAME.headers)
    expect(all.instance.received()).not.toMatch(/^x/m)
  })

  it.each([
    ['less', 'x'],
    ['more', 'x'.repeat(10)],
  ])('is not complete when it has %s body than its length', async (_what, body) => {
    const all = await scene()
    const head = fields([':method', 'POST'], SCHEME, PATH, AUTHORITY, ['content-length', '5'])
    all.client.send(frame(FRAME.headers, END_HEADERS, 1, head))
    all.client.send(frame(FRAME.data, END_STREAM, 1, body))
    expect(await all.client.frame(isEnd)).toBeDefined()
    expect(all.instance.received()).not.toContain('\r\n\r\nxxxxx')
  })

  it('is answered 413 when its body is too large, told to stop, and never whole', async () => {
    const all = await scene({ bodyBytes: 10 })
    const head = fields([':method', 'POST'], SCHEME, PATH, AUTHORITY)
    all.client.send(frame(FRAME.headers, END_HEADERS, 1, head))
    all.client.send(frame(FRAME.data, 0, 1, 'x'.repeat(11)))
    const reset = await all.client.frame((each) => each.type === FRAME.reset)
    expect(reset?.payload.readUInt32BE()).toBe(0)
    const types = all.client.frames.filter((each) => each.stream === 1).map(({ type }) => type)
    expect(types.slice(0, 2)).toEqual([FRAME.headers, FRAME.data])
    expect(types.at(-1)).toBe(FRAME.reset)
    expect(all.tally().rejections).toEqual({ 'body-too-large': 1 })
    expect(all.instance.received()).not.toContain('0\r\n\r\n')
    all.client.send(frame(FRAME.headers, OPENS, 3, GET))
    expect(await all.client.frame((each) => each.stream === 3)).toBeDefined()
  })

  it('is refused with 431 when it has too many fields, or too large ones', async () => {
    const all = await scene({ fields: 10, headBytes: 4096 })
    const many = Array.from({ length: 11 }, (_, at) => [`x-${at}`, '1'] as const)
    all.client.send(frame(FRAME.headers, OPENS, 1, fields(...REQUEST, ...many)))
    const answer = await all.client.frame((each) => each.stream === 1)
    expect(answer?.type).toBe(FRAME.headers)
    expect(all.tally().rejections).toEqual({ 'head-too-large': 1 })
    all.client.send(
      frame(FRAME.headers, OPENS, 3, fields(...REQUEST, ['x-large', 'x'.repeat(5000)])),
    )
    expect(await all.client.frame((each) => each.stream === 3)).toMatchObject({
      type: FRAME.headers,
    })
    expect(all.tally().rejections).toEqual({ 'head-too-large': 2 })
    await goesOn(all)
  })
})

const code = (end: Frame | undefined): number | undefined =>
  end?.payload.readUInt32BE(end.type === FRAME.goaway ? 4 : 0)
const CALM = 11

describe('a hostile client of HTTP/2', () => {
  it('is told to calm down when it opens and resets without end (CVE-2023-44487)', async () => {
    const all = await scene()
    for (let id = 1; id < 2000; id += 2)
      all.client.send(
        frame(FRAME.headers, OPENS, id, GET),
        frame(FRAME.reset, 0, id, Buffer.from([0, 0, 0, 8])),
      )
    const end = await all.client.frame((each) => each.type === FRAME.goaway)
    expect(code(end)).toBe(CALM)
    await all.client.closed
    expect(all.tally().rejections).toMatchObject({ flood: 1 })
    const answer = await h2Ask(await h2Client(all.port), { ':path': '/' })
    expect(answer.body).toBe('ok')
  })

  it('cannot send CONTINUATION without end (CVE-2024-27983, CVE-2019-9518)', async () => {
    const all = await scene()
    all.client.send(frame(FRAME.headers, END_STREAM, 1, GET))
    for (let sent = 0; sent < 2000; sent += 1)
      all.client.send(
        frame(FRAME.continuation, 0, 1, sent % 2 ? '' : fields(['x-a', 'b'.repeat(100)])),
      )
    await all.client.closed
    await goesOn(all)
  })

  it.each([
    ['PING', frame(FRAME.ping, 0, 0, Buffer.alloc(8)), 'CVE-2019-9512'],
    ['SETTINGS', frame(FRAME.settings, 0, 0), 'CVE-2019-9515'],
  ])('is told to calm down when it floods with %s (%3$s)', async (_what, flood) => {
    const all = await scene()
    for (let sent = 0; sent < 200; sent += 1) all.client.send(flood)
    const end = await all.client.frame((each) => each.type === FRAME.goaway)
    expect(code(end)).toBe(CALM)
    await all.client.closed
    await goesOn(all)
  })

  it('cannot keep a session busy with empty frames (CVE-2019-9518)', async () => {
    const all = await scene()
    const head = fields([':method', 'POST'], SCHEME, PATH, AUTHORITY)
    all.client.send(frame(FRAME.headers, END_HEADERS, 1, head))
    for (let sent = 0; sent < 2000; sent += 1) all.client.send(frame(FRAME.data, 0, 1))
    await all.client.closed
    const answer = await h2Ask(await h2Client(all.port), { ':path': '/' })
    expect(answer.body).toBe('ok')
  })

  it.each([
    ['bad HPACK (CVE-2025-59465)', frame(FRAME.headers, OPENS, 1, Buffer.alloc(64, 0xff))],
    ['a window of nothing (CVE-2026-21714)', frame(FRAME.windowUpdate, 0, 0, Buffer.alloc(4))],
    [
      'a window that overflows (CVE-2026-21714)',
      Buffer.concat(
        [1, 2].map(() => frame(FRAME.windowUpdate, 0, 0, Buffer.from([127, 255, 255, 255]))),
      ),
    ],
    ['DATA on stream 0', frame(FRAME.data, 0, 0, 'x')],
    ['an even stream', frame(FRAME.headers, OPENS, 2, GET)],
    ['a frame that is too large', frame(FRAME.data, 0, 1, Buffer.alloc(20_000))],
    ['SETTINGS of no size', frame(FRAME.settings, 0, 0, 'xyz')],
    ['CONTINUATION of nothing', frame(FRAME.continuation, END_HEADERS, 1, GET)],
    [
      'a header block that another frame breaks',
      Buffer.concat([frame(FRAME.headers, 0, 1, GET), frame(FRAME.ping, 0, 0, Buffer.alloc(8))]),
    ],
  ])('ends its own connection, and nobody else’s, with %s', async (_what, bytes) => {
    const all = await scene()
    all.client.send(bytes)
    await all.client.closed
    await goesOn(all)
  })

  it('that is told to go is gone, whatever it goes on to send (CVE-2026-48937, CVE-2025-23085)', async () => {
    const all = await scene()
    all.client.send(frame(FRAME.windowUpdate, 0, 0, Buffer.alloc(4)))
    const flood = Array.from({ length: 500 }, (_, at) =>
      frame(FRAME.headers, OPENS, 1 + 2 * at, GET),
    )
    all.client.send(...flood)
    await all.client.closed
    await goesOn(all)
    await expect.poll(() => all.open()).toBe(1)
  })

  it('may open a hundred streams at once, and no more', async () => {
    const held = await rawInstance(() => undefined)
    onTestFinished(() => held.close())
    const { port, tally } = await h2Plane([held.port])
    const client = await frameClient(port)
    const ack = frame(FRAME.settings, 1, 0)
    await client.frame((each) => each.type === FRAME.settings && each.flags === 0)
    client.send(
      ack,
      ...Array.from({ length: 101 }, (_, at) => frame(FRAME.headers, OPENS, 1 + 2 * at, GET)),
    )
    expect(await client.frame(isEnd)).toBeDefined()
    expect(tally().counts['v1']?.requests ?? 0).toBeLessThanOrEqual(100)
  })

  it('that takes no answer is cut off, and so is the instance', async () => {
    const all = await scene({ idleMs: 300 })
    const noWindow = Buffer.from([0, 4, 0, 0, 0, 0])
    all.client.send(frame(FRAME.settings, 0, 0, noWindow), frame(FRAME.headers, OPENS, 1, GET))
    const reset = await all.client.frame((each) => each.type === FRAME.reset)
    expect(reset).toMatchObject({ stream: 1 })
    expect(all.client.frames.filter(({ type }) => type === FRAME.data)).toEqual([])
    expect(all.tally().running[0]?.requests).toBe(0)
  })

  it('that says nothing after the preface is let go', async () => {
    const all = await scene({ keepAliveMs: 300, headMs: 300 })
    await all.client.closed
    await goesOn(all)
  })
})

describe('a service that does not speak HTTP/2', () => {
  it('answers the preface with 505', async () => {
    const all = await scene()
    const { port } = await h2Plane([all.instance.port], {
      traffic: { entry: { http2: false, proxyProtocol: false, trusted: [] } },
    })
    const client = await frameClient(port)
    await client.closed
    expect(all.instance.received()).toBe('')
  })
})
