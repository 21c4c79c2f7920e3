import { expect, it } from 'vitest'
import {
  END_HEADERS,
  END_STREAM,
  fields,
  FRAME,
  frame,
  frameClient,
  GET,
} from '../support/h2-frames.ts'
import { appInstance, proxyOfTwo } from '../support/proxy-and-apps.ts'

const OPENS = END_HEADERS + END_STREAM
const LONG = fields(
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/stream'],
  [':authority', 'shop'],
)
/** From the first word to the last. */
const GRACE_MS = 1000
/** What is opened after the first GOAWAY. */
const LATE = Array.from({ length: 49 }, (_, at) => 3 + 2 * at)

type Client = Awaited<ReturnType<typeof frameClient>>

async function downloading(port: number): Promise<Client> {
  const client = await frameClient(port)
  client.send(frame(FRAME.headers, OPENS, 1, LONG))
  await client.frame((each) => each.type === FRAME.data && each.stream === 1)
  return client
}

const goawayIs = (text: string) => (each: Client['frames'][number]) =>
  each.type === FRAME.goaway && each.payload.toString('hex') === text

/** Asks for more as long as it may. */
async function useTheGrace(client: Client): Promise<void> {
  expect(await client.frame(goawayIs('7fffffff00000000'))).toBeDefined()
  const noticedAtMs = performance.now()
  const ping = await client.frame((each) => each.type === FRAME.ping && each.flags === 0)
  client.send(...LATE.map((id) => frame(FRAME.headers, OPENS, id, GET)))
  for (const id of LATE) {
    const data = await client.frame((each) => each.type === FRAME.data && each.stream === id)
    expect(data?.payload.toString()).toBe('blue')
  }
  client.send(frame(FRAME.ping, 1, 0, ping?.payload ?? ''))
  const last = LATE.at(-1)!.toString(16).padStart(8, '0')
  expect(await client.frame(goawayIs(`${last}00000000`))).toBeDefined()
  expect(performance.now() - noticedAtMs).toBeGreaterThan(0.75 * GRACE_MS)
  client.send(frame(FRAME.headers, OPENS, LATE.at(-1)! + 2, GET))
}

it('clients of HTTP/2 are told in two steps that the proxy leaves, are served meanwhile, and finish their downloads', async () => {
  // given a long download over a session with each worker
  const blue = await appInstance('blue')
  const proxy = await proxyOfTwo()
  const entry = { http2: true, proxyProtocol: false, trusted: [] }
  await proxy.serve([blue.routed], { traffic: { entry } })
  const clients = await proxy.throughEach(() => downloading(proxy.port))

  // when the proxy ends, and they ask for more after its first word, and once after its last
  const ended = proxy.router.stop({ drainMs: 30_000 })
  await Promise.all(clients.map(useTheGrace))
  blue.tell('finish')

  // then what came in time is answered, the downloads are whole, and no session keeps the proxy
  for (const client of clients) {
    await client.frame((each) => each.stream === 1 && (each.flags & END_STREAM) > 0)
    const download = client.frames.filter((each) => each.type === FRAME.data && each.stream === 1)
    expect(Buffer.concat(download.map(({ payload }) => payload)).toString()).toMatch(
      /^(?:blue )+end$/,
    )
    await client.closed
    expect(client.frames.some((each) => each.stream === LATE.at(-1)! + 2)).toBe(false)
  }
  await ended
  expect((await blue.report()).asked).toHaveLength(2 * (1 + LATE.length))
})
