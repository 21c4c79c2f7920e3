import { afterEach, describe, expect, it } from 'vitest'
import { enteredPlane, type EnteredPlane } from '../../../test/support/entered-plane.ts'
import { h2Ask, h2Client } from '../../../test/support/h2-client.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

type Script = Parameters<typeof rawInstance>[0]

async function planeBefore(script: Script): Promise<EnteredPlane & { instance: RawInstance }> {
  const instance = await rawInstance(script)
  const plane = await enteredPlane(instance.port)
  closing.push(
    () => plane.close(),
    () => instance.close(),
  )
  plane.enter({ http2: true })
  return { ...plane, instance }
}

describe('a client that begins with HTTP/2', () => {
  it('is answered by an instance that speaks HTTP/1.1', async () => {
    const { port, instance } = await planeBefore((socket) => {
      socket.write(
        'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhello',
      )
    })
    const client = await h2Client(port)
    const answer = await h2Ask(client, { ':path': '/x?y=1', cookie: ['a=1', 'b=2'] })
    expect(answer).toMatchObject({ status: 200, body: 'hello' })
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(instance.received()).toMatch(/^GET \/x\?y=1 HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/)
    expect(instance.received()).toContain('cookie: a=1; b=2\r\n')
    expect(instance.received()).toContain('Via: 2.0 midflight\r\n')
  })
})
