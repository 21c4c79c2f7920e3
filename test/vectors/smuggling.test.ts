import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LIMITS, planeUnderTest, type PlaneUnderTest } from '../support/plane-under-test.ts'
import { rawClient } from '../support/raw-client.ts'
import { rawInstance, type RawInstance } from '../support/raw-instance.ts'
import { MOST_FIELDS, requestVectors } from './request-vectors.ts'

const GOOD = 'GET /good HTTP/1.1\r\nHost: a\r\n\r\n'
const HIDDEN = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n'

const hostile = requestVectors.flatMap(({ name, bytes, expected }) =>
  // One that waits for more of its first line is not followed by another request.
  'status' in expected && bytes.length < 16_384 && !bytes.startsWith('\r\n')
    ? [[name, bytes, expected.status] as const]
    : [],
)

let proxy: PlaneUnderTest
let instance: RawInstance

beforeAll(async () => {
  proxy = await planeUnderTest()
  instance = await rawInstance((socket, received) => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
    socket.write(answer.repeat(received.match(/^(?:GET|POST) /gm)?.length ?? 1))
  })
  proxy.to([instance.port], { ...LIMITS, fields: MOST_FIELDS })
})

afterAll(async () => {
  await proxy.close()
  await instance.close()
})

describe('a request behind one that is refused is never executed', () => {
  it.each(hostile)('%s', async (_, bytes, status) => {
    const before = instance.received().length
    const client = await rawClient(proxy.port)
    client.send(GOOD + bytes + HIDDEN)
    await client.until(new RegExp(`HTTP/1\\.1 ${status} [^]*\n$`))
    client.send(HIDDEN)
    expect(await client.over()).toBe('end')
    expect(client.text().match(/HTTP\/1\.1 \d{3} /g)).toEqual([
      'HTTP/1.1 200 ',
      `HTTP/1.1 ${status} `,
    ])
    expect(instance.received().slice(before)).toMatch(/^GET \/good HTTP\/1\.1\r\n/)
    expect(
      instance
        .received()
        .slice(before)
        .match(/ HTTP\/1\.1\r\n/g),
    ).toHaveLength(1)
  })
})

it('what a request carries is never executed', async () => {
  const before = instance.received().length
  const client = await rawClient(proxy.port)
  const counted = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`
  const chunked = `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`
  client.send(counted + chunked + GOOD)
  await proxy.until(() => instance.received().slice(before).includes('GET /good '))
  const seen = instance.received().slice(before)
  expect(seen).toContain(`\r\n\r\n${HIDDEN}`)
  expect(seen.match(/^(?:GET|POST) \S+ HTTP\/1\.1\r\nHost: a\r\n(?!\r\n)/gm)).toHaveLength(3)
  client.destroy()
})
