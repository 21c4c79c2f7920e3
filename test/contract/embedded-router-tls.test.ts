import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { CertificateFiles, TlsSpec } from '../../src/core/entry.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { proxyFiles } from '../../src/drivers/routers/embedded/proxy-files.ts'
import { certificate } from '../support/certificate.ts'
import { rawClient } from '../support/raw-client.ts'
import { askOver, tlsClient } from '../support/tls-client.ts'
import { until } from '../support/until.ts'
import { freeAddress, testInstance, testRoute, type TestInstance } from './router-world.ts'

const GET = 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'

let folder: string
let router: EmbeddedRouter
let listen: Address
let redirect: Address
let v1: TestInstance
let shop: CertificateFiles

const route = (tls: Partial<TlsSpec> = {}) => ({
  ...testRoute(listen, { v1: 10_000 }, [v1.routed]),
  traffic: {
    entry: {
      http2: false,
      proxyProtocol: false,
      trusted: [],
      tls: { certificates: [shop], minVersion: 'TLSv1.2', redirect, ...tls } as const,
    },
  },
})
const log = () => readFileSync(proxyFiles(folder).log, 'utf8')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'midflight-tls-'))
  shop = certificate(folder, 'shop', ['shop.example'])
  ;[v1, listen, redirect] = await Promise.all([testInstance('v1'), freeAddress(), freeAddress()])
  router = embeddedRouter({ stateDirectory: folder, workers: 2 })
})
afterEach(async () => {
  await router.stop({ drainMs: 0 })
  await v1.close()
  await rm(folder, { recursive: true })
})

async function shownName(): Promise<unknown> {
  const client = await tlsClient(listen.port, { servername: 'shop.example' })
  const { subject } = client.getPeerCertificate()
  client.destroy()
  return subject.CN
}

describe('a proxy that speaks HTTPS', () => {
  it('serves over TLS from the moment the route is applied, and redirects at the side door', async () => {
    await router.apply(route())
    const client = await tlsClient(listen.port, { servername: 'shop.example' })
    expect(await askOver(client, GET)).toMatch(/^HTTP\/1.1 200 OK[^]*v1$/)
    client.destroy()
    const plain = await rawClient(redirect.port)
    plain.send(GET)
    await plain.until(/^HTTP\/1.1 308 [^]*Location: https:\/\/shop\.example:\d+\/\r\n/)
  })

  it('resumes a session with any of its workers', async () => {
    await router.apply(route())
    const first = await tlsClient(listen.port, {
      servername: 'shop.example',
      maxVersion: 'TLSv1.2',
    })
    const session = first.getSession()!
    first.destroy()
    for (let count = 0; count < 10; count += 1) {
      const options = { servername: 'shop.example', maxVersion: 'TLSv1.2', session } as const
      const client = await tlsClient(listen.port, options)
      expect(client.isSessionReused()).toBe(true)
      client.destroy()
    }
  })

  it('takes up a file that changes, under open connections', async () => {
    await router.apply(route())
    const open = await tlsClient(listen.port, { servername: 'shop.example' })
    const next = certificate(folder, 'next', ['next.example', 'shop.example'])
    renameSync(next.key, shop.key)
    renameSync(next.cert, shop.cert)
    await until(shownName, (name) => name === 'next.example')
    expect(await askOver(open, GET)).toMatch(/^HTTP\/1.1 200 OK/)
    open.destroy()
  })

  it('keeps the old certificate when a file breaks, says so, and shows no key', async () => {
    await router.apply(route())
    const key = readFileSync(shop.key, 'utf8')
    writeFileSync(shop.key, key.slice(0, 100))
    await until(
      async () => log(),
      (text) => text.includes('certificate-unusable'),
    )
    expect(await shownName()).toBe('shop.example')
    expect(log()).toContain(shop.key)
    const snapshot = readFileSync(join(folder, 'proxy/snapshot.json'), 'utf8')
    for (const text of [log(), snapshot])
      expect(text).not.toContain(key.split('\n')[1]!.slice(0, 40))
  })

  it('refuses a route whose certificate and key do not belong together, and goes on as it was', async () => {
    await router.apply(route())
    const other = certificate(folder, 'other', ['other.example'])
    const wrong = route({ certificates: [{ cert: other.cert, key: shop.key }] })
    await expect(router.apply(wrong)).rejects.toMatchObject({
      code: 'certificate-unusable',
      message: expect.stringContaining(shop.key) as string,
    })
    const missing = route({ certificates: [{ cert: join(folder, 'none.pem'), key: shop.key }] })
    await expect(router.apply(missing)).rejects.toMatchObject({ code: 'certificate-unusable' })
    expect(await shownName()).toBe('shop.example')
  })

  it('comes back with its certificates, and without those that broke in the meantime', async () => {
    await router.apply(route())
    await router.stop({ drainMs: 0 })
    await router.start()
    expect(await shownName()).toBe('shop.example')
    await router.stop({ drainMs: 0 })
    const saved = join(folder, 'saved.pem')
    copyFileSync(shop.cert, saved)
    rmSync(shop.cert)
    await router.start()
    await expect(shownName()).rejects.toThrow()
    renameSync(saved, shop.cert)
    await until(
      async () => shownName().catch(() => 'none'),
      (name) => name === 'shop.example',
    )
  })

  it('gives the side door back with the service', async () => {
    await router.apply(route())
    await router.remove('shop')
    await expect(rawClient(redirect.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
