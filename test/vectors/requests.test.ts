import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LIMITS, planeUnderTest, type PlaneUnderTest } from '../support/plane-under-test.ts'
import { rawClient } from '../support/raw-client.ts'
import { rawInstance, type RawInstance } from '../support/raw-instance.ts'
import { aSender } from './a-sender.ts'
import { withoutOwnLines } from './own-lines.ts'
import { readRequests } from './read-requests.ts'
import { MOST_FIELDS, requestVectors } from './request-vectors.ts'
import type { Forwarded, Refused, RequestVector } from './vector.ts'

const limits = { ...LIMITS, fields: MOST_FIELDS }

const refused = requestVectors.flatMap(({ name, bytes, expected }) =>
  'status' in expected ? [[name, bytes, expected] as const] : [],
)
const accepted = requestVectors.flatMap(({ name, bytes, expected }) =>
  'forwarded' in expected ? [[name, bytes, expected] as const] : [],
)

describe('what the parser makes of a request', () => {
  it.each(requestVectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    for (const size of [vector.bytes.length, 1, 7])
      expect(outcomeOf(vector, size)).toEqual(vector.expected)
  })

  it('has a reason that the reference tells', () => {
    const page = readFileSync('docs/reference/hardening.md', 'utf8')
    const codes = new Set(refused.map(([, , { code }]) => code))
    expect([...codes].filter((code) => !page.includes(`| \`${code}\` |`))).toEqual([])
  })

  it('has a name for each', () => {
    expect(new Set(requestVectors.map(({ name }) => name)).size).toBe(requestVectors.length)
  })
})

function outcomeOf({ bytes }: RequestVector, size: number): Forwarded | Refused {
  const reads = []
  for (let at = 0; at < bytes.length; at += size)
    reads.push(Buffer.from(bytes.slice(at, at + size), 'latin1'))
  const { requests, rejection } = readRequests(reads, limits, aSender)
  if (rejection) return { status: rejection.status, code: rejection.code }
  expect(requests.map(({ complete }) => complete)).toEqual([true])
  return { forwarded: withoutOwnLines(requests[0]!.forwarded) }
}

describe('what the data plane makes of a request', () => {
  let proxy: PlaneUnderTest
  let instance: RawInstance
  let answerWhen: (received: string) => boolean = () => true
  const received = new Map<number, string>()

  beforeAll(async () => {
    proxy = await planeUnderTest()
    instance = await rawInstance((socket, bytes, connection) => play(socket, bytes, connection))
    proxy.to([instance.port], limits)
  })

  afterAll(async () => {
    await proxy.close()
    await instance.close()
  })

  function play(socket: Socket, bytes: string, connection: number): void {
    const all = (received.get(connection) ?? '') + bytes
    received.set(connection, all)
    if (answerWhen(all))
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
  }

  it.each(refused)('%s', async (_, bytes, { status, code }) => {
    const [before, tally] = [instance.received().length, proxy.tally()]
    const client = await rawClient(proxy.port)
    client.send(bytes)
    expect(await client.over()).toBe('end')
    expect(client.text()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(client.text().match(/HTTP\/1\.1 \d{3} /g)).toHaveLength(1)
    expect(client.text()).toContain('\r\nConnection: close\r\n')
    expect(proxy.tally().rejected).toBe(tally.rejected + 1)
    expect(proxy.tally().rejections?.[code]).toBe((tally.rejections?.[code] ?? 0) + 1)
    // What breaks after more than one read has begun to be passed on; it must not look whole.
    const passed = instance.received().slice(before)
    if (bytes.length < 16_384) expect(passed).toBe('')
    else expect(passed).not.toContain('\r\n0\r\n')
  })

  it.each(accepted)('%s', async (_, bytes, { forwarded }) => {
    const before = instance.received().length
    answerWhen = (all) => withoutOwnLines(all).length >= forwarded.length
    const client = await rawClient(proxy.port)
    client.send(bytes)
    await client.until(/\r\n\r\nok$/)
    const received = instance.received().slice(before)
    expect(withoutOwnLines(received)).toBe(forwarded)
    expect(received).toContain('\r\nX-Forwarded-For: 127.0.0.1\r\n')
    client.destroy()
  })
})
