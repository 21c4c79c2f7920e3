import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { certificate } from '../../../test/support/certificate.ts'
import { enteredPlane, TLS, type EnteredPlane } from '../../../test/support/entered-plane.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'
import { askOver, tlsClient } from '../../../test/support/tls-client.ts'
import { until } from '../../../test/support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'entrance-'))
const shop = certificate(folder, 'shop', ['shop.example', '*.shop.example'])
const other = certificate(folder, 'other', ['other.example'])
const GET = 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'

let instance: RawInstance
let plane: EnteredPlane
beforeAll(async () => {
  instance = await rawInstance((socket) =>
    socket.write(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nStrict-Transport-Security: max-age=1\r\n\r\nok',
    ),
  )
})
afterAll(() => instance.close())
beforeEach(async () => {
  plane = await enteredPlane(instance.port)
})
afterEach(() => plane.close())

const rejected = (count: number) =>
  until(
    async () => plane.tally().rejected,
    (each) => each === count,
  )

describe('an entrance with TLS', () => {
  beforeEach(() => {
    plane.enter({ tls: TLS })
    plane.show([shop, other])
  })

  it('carries requests, and tells the instance', async () => {
    const client = await tlsClient(plane.port, {
      servername: 'shop.example',
      ALPNProtocols: ['h2', 'http/1.1'],
    })
    expect(client.alpnProtocol).toBe('http/1.1')
    expect(await askOver(client, GET)).toMatch(/^HTTP\/1.1 200 OK/)
    expect(await askOver(client, GET)).toMatch(/^HTTP\/1.1 200 OK/)
    expect(instance.received()).toContain('X-Forwarded-Proto: https\r\n')
    client.destroy()
  })

  it.each([
    ['shop.example', 'shop.example'],
    ['SHOP.Example', 'shop.example'],
    ['www.shop.example', 'shop.example'],
    ['other.example', 'other.example'],
    ['stranger.example', 'shop.example'],
    ['', 'shop.example'],
  ])('shows to who asks for %j the certificate of %s', async (servername, name) => {
    const client = await tlsClient(plane.port, { servername })
    expect(client.getPeerCertificate().subject.CN).toBe(name)
    client.destroy()
  })

  it('answers 421 for a host that the certificate is not for', async () => {
    const client = await tlsClient(plane.port, { servername: 'shop.example' })
    expect(await askOver(client, GET.replace('shop', 'other'))).toMatch(/^HTTP\/1.1 421 /)
    expect(plane.tally().rejections).toMatchObject({ misdirected: 1 })
    client.destroy()
  })

  it('resumes a session under its own certificate, and under no other', async () => {
    const first = await tlsClient(plane.port, { servername: 'shop.example', maxVersion: 'TLSv1.2' })
    const session = first.getSession()!
    first.destroy()
    const options = { session, maxVersion: 'TLSv1.2' } as const
    const again = await tlsClient(plane.port, { ...options, servername: 'shop.example' })
    expect(again.isSessionReused()).toBe(true)
    again.destroy()
    const stranger = await tlsClient(plane.port, { ...options, servername: 'other.example' })
    expect(stranger.isSessionReused()).toBe(false)
    expect(stranger.getPeerCertificate().subject.CN).toBe('other.example')
    stranger.destroy()
  })

  it('swaps certificates under open connections', async () => {
    const open = await tlsClient(plane.port, { servername: 'shop.example' })
    plane.show([certificate(folder, 'new', ['new.example', 'shop.example'])])
    expect(await askOver(open, GET)).toMatch(/^HTTP\/1.1 200 OK/)
    const next = await tlsClient(plane.port, { servername: 'shop.example' })
    expect(next.getPeerCertificate().subject.CN).toBe('new.example')
    expect(await askOver(next, GET)).toMatch(/^HTTP\/1.1 200 OK/)
    open.destroy()
    next.destroy()
  })

  it('speaks TLS 1.3 and 1.2, and nothing older', async () => {
    for (const version of ['TLSv1.3', 'TLSv1.2'] as const) {
      const client = await tlsClient(plane.port, { minVersion: version, maxVersion: version })
      expect(client.getProtocol()).toBe(version)
      expect(await askOver(client, GET)).toMatch(/^HTTP\/1.1 200 OK/)
      client.destroy()
    }
    const old = {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const
    await expect(tlsClient(plane.port, old)).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    })
    await rejected(1)
  })

  it('tells who speaks plain HTTP that this port does not', async () => {
    const client = await rawClient(plane.port)
    client.send(GET)
    expect(await client.until(/HTTPS\n$/)).toMatch(/^HTTP\/1.1 400 /)
    expect(await client.over()).toBe('end')
    expect(plane.tally().rejections).toMatchObject({ entrance: 1 })
  })

  it.each(['\x16\x03\x01\x00\x00', '\x00', '\x16\x03\x01\x00\x04\x01\x00\x00\x00', 'quit'])(
    'closes on %j',
    async (bytes) => {
      const client = await rawClient(plane.port)
      client.send(bytes)
      await client.over()
      await rejected(1)
    },
  )

  it('lets nobody linger before the handshake is done', async () => {
    plane.enter({ tls: TLS }, { headMs: 100 })
    const silent = await rawClient(plane.port)
    const slow = await rawClient(plane.port)
    slow.send('\x16\x03\x01\x01')
    await Promise.all([silent.over(), slow.over()])
    await rejected(2)
  })

  it('counts a client that leaves in the midst', async () => {
    const client = await rawClient(plane.port)
    client.send('\x16\x03\x01')
    client.destroy()
    await rejected(1)
  })

  it('shows the proof for a host to who asks for it in the way of the authority, and to no other', async () => {
    const proof = certificate(folder, 'proof', ['proof.example'])
    const pem = { cert: readFileSync(proof.cert, 'utf8'), key: readFileSync(proof.key, 'utf8') }
    plane.show([shop], [{ kind: 'tls-alpn-01', host: 'shop.example', pem }])
    const asking = { servername: 'shop.example', ALPNProtocols: ['acme-tls/1'] }
    const authority = await tlsClient(plane.port, asking)
    expect(authority.alpnProtocol).toBe('acme-tls/1')
    expect(authority.getPeerCertificate().subject.CN).toBe('proof.example')
    const client = await tlsClient(plane.port, { servername: 'shop.example' })
    expect(client.getPeerCertificate().subject.CN).toBe('shop.example')
    await expect(tlsClient(plane.port, { ...asking, servername: 'x.example' })).rejects.toThrow()
    authority.destroy()
    client.destroy()
  })

  it('has HSTS on all answers, in place of what the application says', async () => {
    plane.enter({ tls: { ...TLS, hsts: { maxAgeMs: 3600_000, subdomains: true, preload: false } } })
    const client = await tlsClient(plane.port, { servername: 'shop.example' })
    const line = 'Strict-Transport-Security: max-age=3600; includeSubDomains\r\n'
    const answer = await askOver(client, GET)
    expect(answer.match(/strict-transport-security/gi)).toHaveLength(1)
    expect(answer).toContain(line)
    const refusal = await askOver(client, GET.replace('shop', 'other'))
    expect(refusal).toContain(line)
    client.destroy()
  })
})

describe('an entrance with the PROXY protocol', () => {
  beforeEach(() => plane.enter({ proxyProtocol: true }))
  const V1 = 'PROXY TCP4 192.0.2.7 198.51.100.2 56324 443\r\n'

  it('believes who is said to be there', async () => {
    const client = await rawClient(plane.port)
    client.send(`${V1}${GET}`)
    await client.until(/ok$/)
    expect(instance.received()).toContain('X-Forwarded-For: 192.0.2.7\r\n')
    expect(instance.received()).toContain('X-Forwarded-Port: 443\r\n')
    client.send(GET)
    await client.until(/ok[^]*ok$/)
    client.destroy()
  })

  it('reads it byte by byte as well', async () => {
    const client = await rawClient(plane.port)
    for (const byte of `${V1}${GET}`) {
      client.send(byte)
      await new Promise(setImmediate)
    }
    await client.until(/ok$/)
    client.destroy()
  })

  it('reads version 2', async () => {
    const client = await rawClient(plane.port)
    const header = '0d0a0d0a000d0a515549540a2111000ccb007109c6336402dc0401bb'
    client.send(Buffer.from(header, 'hex').toString('latin1'))
    client.send(GET)
    await client.until(/ok$/)
    expect(instance.received()).toContain('X-Forwarded-For: 203.0.113.9\r\n')
    client.destroy()
  })

  it('passes nothing on from a connection without it', async () => {
    const before = instance.received()
    const client = await rawClient(plane.port)
    client.send(GET)
    await client.over()
    expect(client.text()).toBe('')
    expect(instance.received()).toBe(before)
    await rejected(1)
  })

  it('is followed by TLS where both are spoken', async () => {
    plane.enter({ proxyProtocol: true, tls: TLS })
    plane.show([shop])
    const raw = await rawClient(plane.port)
    raw.send(V1.replace('192.0.2.7', '192.0.2.8'))
    raw.socket.removeAllListeners('data')
    const client = await tlsClient(plane.port, { socket: raw.socket, servername: 'shop.example' })
    expect(await askOver(client, GET)).toMatch(/^HTTP\/1.1 200 OK/)
    expect(instance.received()).toContain('X-Forwarded-For: 192.0.2.8\r\nX-Forwarded-Proto: https')
    client.destroy()
  })
})
