import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planeUnderTest, type PlaneUnderTest } from '../support/plane-under-test.ts'
import { rawClient, type RawClient } from '../support/raw-client.ts'
import { rawInstance, type RawInstance } from '../support/raw-instance.ts'
import { answer, type AnswerVector, CLOSE } from './answer-vector.ts'
import { badAnswers } from './bad-answer-vectors.ts'
import { goodAnswers } from './answer-vectors.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const NEXT = 'GET /next HTTP/1.1\r\nHost: a\r\n\r\n'

let proxy: PlaneUnderTest
let instance: RawInstance
let vector: AnswerVector
let sockets: Socket[]

beforeEach(async () => {
  sockets = []
  proxy = await planeUnderTest()
  instance = await rawInstance((socket, received) => {
    if (received.startsWith('GET /next ')) {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext')
      return
    }
    sockets.push(socket)
    socket.write(vector.bytes, 'latin1')
    if (vector.ends) socket.end()
  })
  proxy.to([instance.port])
})

afterEach(async () => {
  await proxy.close()
  await instance.close()
})

async function asked(one: AnswerVector): Promise<RawClient> {
  vector = one
  const client = await rawClient(proxy.port)
  client.send(one.asked ?? GET)
  return client
}

describe('what the client gets of a good answer', () => {
  it.each(goodAnswers.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    if (typeof one.expected === 'string') throw new Error('not a good answer')
    const { passed, instance: after } = one.expected
    const client = await asked(one)
    if (passed.includes(CLOSE)) await client.over()
    else await proxy.until(() => client.text().length >= passed.length)
    expect(client.text()).toBe(passed)
    const again = passed.includes(CLOSE) ? await rawClient(proxy.port) : client
    again.send(NEXT)
    await again.until(/next$/)
    expect(again.text()).not.toContain('evil')
    expect(instance.connections()).toBe(after === 'kept' ? 1 : 2)
    again.destroy()
  })
})

describe('what the client gets of a bad answer', () => {
  it.each(badAnswers.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const client = await asked(one)
    if (one.expected === 'bad-gateway') {
      expect(await client.until(/\n$/)).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\nDate: /)
      expect(client.text()).not.toContain('evil')
      expect(proxy.tally().counts['v1']).toMatchObject({ failed: 1 })
    } else {
      const how = await client.over().catch(String)
      expect(client.text()).not.toMatch(/0\r\n\r\n$|\nhello.{45}/)
      if (one.asked) expect(how).toBe('ECONNRESET')
      expect(proxy.tally().counts['v1']).toMatchObject({ broken: 1 })
    }
    await proxy.until(() => sockets.every((socket) => socket.destroyed))
    client.destroy()
  })
})

it('an answer that ends with its connection is broken off when that one is', async () => {
  const client = await asked({ name: '', bytes: answer([], 'hello'), expected: 'aborted' })
  await client.until(/hello$/)
  sockets[0]!.resetAndDestroy()
  expect(await client.over()).toBe('ECONNRESET')
  expect(proxy.tally().counts['v1']).toMatchObject({ broken: 1 })
})

it('nothing more of an answer is passed on from where its chunks break', async () => {
  const chunked = answer(['Transfer-Encoding: chunked'], '5\r\nhello\r\n')
  const client = await asked({ name: '', bytes: chunked, expected: 'aborted' })
  await client.until(/hello\r\n$/)
  sockets[0]!.write('zz\r\nevil\r\n0\r\n\r\n')
  await client.over()
  expect(client.text()).toMatch(/hello\r\n$/)
  await proxy.until(() => sockets.every((socket) => socket.destroyed))
})
