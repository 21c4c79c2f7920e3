import { mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { certificate } from '../../../test/support/certificate.ts'
import { until } from '../../../test/support/until.ts'
import type { CertificateFiles } from '../../core/entry.ts'
import type { Route } from '../../core/route.ts'
import type { ServiceCredentials } from './credentials.ts'
import { Keyring } from './keyring.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyring-'))
const a = certificate(folder, 'a', ['a.example'])
const b = certificate(folder, 'b', ['b.example'])

let keyring: Keyring
let given: (ServiceCredentials | undefined)[]
let logged: string[]
beforeEach(() => {
  given = []
  logged = []
  keyring = new Keyring((event, data) => void logged.push(`${event} ${JSON.stringify(data)}`))
  keyring.connect(async (_service, credentials) => void given.push(credentials))
})
afterEach(() => keyring.close())

function routeWith(...certificates: CertificateFiles[]): Route {
  const entry = { http2: false, proxyProtocol: false, trusted: [] }
  const tls = { certificates, minVersion: 'TLSv1.2' } as const
  return { service: 'shop', traffic: { entry: { ...entry, tls } } } as unknown as Route
}
const shown = (credentials: ServiceCredentials | undefined) =>
  credentials?.certificates.map(({ cert }) => cert)
const certOf = (files: CertificateFiles) => readFileSync(files.cert, 'utf8')

describe('a keyring', () => {
  it('hands certificates out before the work, and those of before again when that fails', async () => {
    await keyring.change(routeWith(a), async () => {
      expect(shown(given.at(-1))).toEqual([certOf(a)])
    })
    const failing = keyring.change(routeWith(b, a), async () => {
      expect(shown(given.at(-1))).toEqual([certOf(b), certOf(a)])
      throw new Error('the port is taken')
    })
    await expect(failing).rejects.toThrow('the port is taken')
    expect(shown(given.at(-1))).toEqual([certOf(a)])
    expect(shown(keyring.all()[0]?.[1])).toEqual([certOf(a)])
  })

  it('takes everything back from a service that has no TLS any more', async () => {
    await keyring.change(routeWith(a), async () => undefined)
    await keyring.change({ service: 'shop' } as Route, async () => undefined)
    expect(given.at(-1)).toBeUndefined()
    expect(keyring.all()).toEqual([])
  })

  it.each([
    ['a file that is not there', { cert: join(folder, 'none.pem'), key: a.key }, 'none.pem'],
    ['a key that belongs to another', { cert: a.cert, key: b.key }, b.key],
    ['a key for a certificate', { cert: a.key, key: a.key }, a.key],
    ['a certificate for a key', { cert: a.cert, key: a.cert }, a.cert],
  ])('refuses %s, and nothing is done', async (_, files, named) => {
    let worked = 0
    const change = keyring.change(routeWith(files), async () => void (worked += 1))
    await expect(change).rejects.toMatchObject({
      code: 'certificate-unusable',
      message: expect.stringContaining(named) as string,
    })
    expect([worked, given]).toEqual([0, []])
  })

  it('gives proofs to the workers beside the certificates', async () => {
    await keyring.change(routeWith(a), async () => undefined)
    const proof = { kind: 'http-01', token: 't', content: 'c' } as const
    await keyring.prove('shop', [proof])
    expect(given.at(-1)).toMatchObject({ proofs: [proof] })
    expect(new Set(given.map((each) => each?.ticketKey)).size).toBe(1)
  })

  it('shows a certificate that is not valid any more, and tells of it', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * 86_400_000 })
    onTestFinished(() => void vi.useRealTimers())
    await keyring.change(routeWith(a), async () => undefined)
    expect(shown(given.at(-1))).toEqual([certOf(a)])
    const reason = expect.stringMatching(/^is not valid since \d{4}-\d\d-\d\d/) as string
    expect(keyring.faultsOf('shop')).toMatchObject([{ of: a.cert, reason }])
  })

  it('waits for both halves of a pair that is replaced one after the other', async () => {
    const pair = certificate(folder, 'pair', ['pair.example'])
    await keyring.change(routeWith(pair), async () => undefined)
    const before = given.length
    const next = certificate(folder, 'next', ['next.example'])
    renameSync(next.cert, pair.cert)
    const faults = await until(
      async () => keyring.faultsOf('shop'),
      (each) => each.length > 0,
    )
    expect(shown(given.at(-1))).not.toContain(certOf(pair))
    expect(logged.join()).toContain('certificate-unusable')
    expect(faults).toMatchObject([
      { of: pair.key, reason: `is not the key of ${pair.cert}; what was read before is used on` },
    ])
    writeFileSync(pair.key, readFileSync(next.key))
    await until(
      async () => shown(given.at(-1)),
      (certs) => certs?.[0] === certOf(pair),
    )
    expect(given.length).toBeGreaterThan(before)
    expect(keyring.faultsOf('shop')).toEqual([])
    expect(logged.join()).not.toContain('PRIVATE KEY')
  })
})
