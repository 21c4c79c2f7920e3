import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { connect } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { certificate } from '../../../test/support/certificate.ts'
import { enteredPlane, TLS, type EnteredPlane } from '../../../test/support/entered-plane.ts'
import { h2Ask } from '../../../test/support/h2-client.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'
import { tlsClient } from '../../../test/support/tls-client.ts'

const shop = certificate(mkdtempSync(join(tmpdir(), 'h2-tls-')), 'shop', ['shop.example'])
const HSTS = { maxAgeMs: 86_400_000, subdomains: false, preload: false }

let instance: RawInstance
let plane: EnteredPlane
beforeAll(async () => {
  instance = await rawInstance((socket) => {
    socket.write(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nStrict-Transport-Security: max-age=1\r\n\r\nok',
    )
  })
  plane = await enteredPlane(instance.port)
  plane.enter({ http2: true, tls: { ...TLS, hsts: HSTS } })
  plane.show([shop])
})
afterAll(async () => {
  await plane.close()
  await instance.close()
})

describe('HTTP/2 over TLS', () => {
  it('is agreed upon by ALPN, and its requests are told to be secure', async () => {
    const client = connect(`https://127.0.0.1:${plane.port}`, {
      rejectUnauthorized: false,
      servername: 'shop.example',
    })
    onTestFinished(() => client.destroy())
    const asked = Array.from({ length: 30 }, (_, at) =>
      h2Ask(client, { ':path': `/${at}`, ':authority': 'shop.example' }),
    )
    const answers = await Promise.all(asked)
    expect(answers.every((answer) => answer.body === 'ok')).toBe(true)
    expect(answers[0]?.headers['strict-transport-security']).toBe('max-age=86400')
    expect(client.alpnProtocol).toBe('h2')
    expect(instance.received()).toContain('X-Forwarded-Proto: https\r\n')
  })

  it('answers 421 for a host that the certificate is not for', async () => {
    const client = connect(`https://127.0.0.1:${plane.port}`, {
      rejectUnauthorized: false,
      servername: 'shop.example',
    })
    onTestFinished(() => client.destroy())
    const answer = await h2Ask(client, { ':path': '/', ':authority': 'other.example' })
    expect(answer.status).toBe(421)
  })

  it('is not understood where HTTP/1.1 was agreed upon', async () => {
    const client = await tlsClient(plane.port, {
      servername: 'shop.example',
      ALPNProtocols: ['http/1.1'],
    })
    client.setEncoding('latin1')
    const answered = new Promise((resolve) => client.once('data', resolve))
    client.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    expect(await answered).toMatch(/^HTTP\/1\.1 505 /)
    client.destroy()
  })

  it('is left in two steps, as in the clear', async () => {
    const leaving = await enteredPlane(instance.port)
    onTestFinished(() => leaving.close())
    leaving.enter({ http2: true, tls: TLS })
    leaving.show([shop])
    const client = connect(`https://127.0.0.1:${leaving.port}`, {
      rejectUnauthorized: false,
      servername: 'shop.example',
    })
    onTestFinished(() => client.destroy())
    const fields = { ':path': '/', ':authority': 'shop.example' }
    await h2Ask(client, fields)
    const told = once(client, 'goaway')
    const drained = leaving.drain(1000)
    expect((await told).slice(0, 2)).toEqual([0, 2 ** 31 - 1])
    await drained
  })
})
