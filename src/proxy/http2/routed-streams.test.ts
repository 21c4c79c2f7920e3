import { describe, expect, it, onTestFinished } from 'vitest'
import { h2Ask, h2Client } from '../../../test/support/h2-client.ts'
import { h2Plane } from '../../../test/support/h2-plane.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'
import { until } from '../../../test/support/until.ts'

async function saying(text: string): Promise<RawInstance> {
  const instance = await rawInstance((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`)
  })
  onTestFinished(() => instance.close())
  return instance
}

describe('a user on HTTP/2', () => {
  it('is known again by its cookie, in whatever crumbs it comes', async () => {
    const names = ['one', 'two', 'three']
    const instances = await Promise.all(names.map((name) => saying(name)))
    const { port } = await h2Plane(
      instances.map((each) => each.port),
      { traffic: { sticky: { by: { kind: 'cookie' }, forMs: 0, scope: 'instance' } } },
    )
    const client = await h2Client(port)
    const first = await h2Ask(client, { ':path': '/' })
    const [cookie = ''] = first.headers['set-cookie'] ?? []
    const fields = { ':path': '/', cookie: ['a=b', cookie.split(';')[0]!, 'c=d'] }
    const again = await Promise.all(Array.from({ length: 10 }, () => h2Ask(client, fields)))
    expect(again.map((answer) => answer.body)).toEqual(again.map(() => first.body))
  })

  it('is sent by a rule, whatever the weights say', async () => {
    const [stable, candidate] = [await saying('stable'), await saying('candidate')]
    const { port } = await h2Plane([stable.port], {
      others: [candidate.port],
      traffic: {
        rules: [{ when: { header: { 'x-beta': { kind: 'present' } } }, to: { release: 'v2' } }],
      },
    })
    const client = await h2Client(port)
    expect((await h2Ask(client, { ':path': '/' })).body).toBe('stable')
    expect((await h2Ask(client, { ':path': '/', 'x-beta': '1' })).body).toBe('candidate')
  })

  it('has its requests mirrored, bodies without a length among them', async () => {
    const [stable, copied] = [await saying('stable'), await saying('stable')]
    const mirror = {
      to: { release: 'v2' },
      share: 10_000,
      methods: ['POST'],
      bodyBytes: 1000,
      ignoredFields: [],
    }
    const plane = await h2Plane([stable.port], { others: [copied.port], traffic: { mirror } })
    const client = await h2Client(plane.port)
    expect((await h2Ask(client, { ':method': 'POST', ':path': '/' }, 'body')).body).toBe('stable')
    const sent = await until(
      async () => copied.received(),
      (text) => text.endsWith('0\r\n\r\n'),
    )
    expect(sent).toContain('X-Midflight-Mirror: 1\r\n')
    expect(sent).toContain('4\r\nbody\r\n0\r\n\r\n')
  })
})
