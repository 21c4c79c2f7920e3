import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { AcmeSpec } from '../../src/core/entry.ts'
import { proxyFiles } from '../../src/drivers/routers/embedded/proxy-files.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { pebbleMissing, startPebble, type Pebble } from '../support/pebble.ts'
import { rawClient } from '../support/raw-client.ts'
import { askOver, tlsClient } from '../support/tls-client.ts'
import { until } from '../support/until.ts'
import { freeAddress, testInstance, testRoute, type TestInstance } from './router-world.ts'

const YEAR_S = 365 * 86_400

const missing = pebbleMissing()

let folder: string
let router: EmbeddedRouter
let listen: Address
let redirect: Address
let v1: TestInstance
let pebble: Pebble

const route = (challenge: AcmeSpec['challenge']) => {
  const { directory, root } = pebble
  const acme = { hosts: ['shop.example', 'www.shop.example'], directory, root, challenge }
  const tls = { certificates: [], minVersion: 'TLSv1.2', redirect, acme } as const
  const entry = { http2: false, proxyProtocol: false, trusted: [], tls }
  return { ...testRoute(listen, { v1: 10_000 }, [v1.routed]), traffic: { entry } }
}

async function shown(): Promise<{ readonly names: string; readonly serial: string } | undefined> {
  try {
    const client = await tlsClient(listen.port, { servername: 'www.shop.example' })
    const { subjectaltname = '', serialNumber } = client.getPeerCertificate()
    client.destroy()
    return { names: subjectaltname, serial: serialNumber }
  } catch {
    return undefined
  }
}

describe.skipIf(missing !== undefined)(
  `a proxy that gets its certificates from an authority${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    beforeEach(async () => {
      // Whatever proxy this machine has for the web, the authority is here.
      process.env['NO_PROXY'] = '127.0.0.1'
      folder = await mkdtemp(join(tmpdir(), 'midflight-acme-'))
      ;[v1, listen, redirect] = await Promise.all([
        testInstance('v1'),
        freeAddress(),
        freeAddress(),
      ])
      pebble = await startPebble({ folder, http: redirect, https: listen, lifeSeconds: YEAR_S })
      router = embeddedRouter({ stateDirectory: folder, workers: 2 })
    })
    afterEach(async () => {
      await router.stop({ drainMs: 0 })
      await pebble.stop()
      await v1.close()
      await rm(folder, { recursive: true })
    })

    it.each(['http-01', 'tls-alpn-01'] as const)(
      'proves by %s that the names are its own, and keeps what it was given',
      async (challenge) => {
        await router.apply(route(challenge))
        const first = await until(shown, (each) => each !== undefined, 50_000)
        expect(first?.names).toContain('DNS:shop.example')
        expect(first?.names).toContain('DNS:www.shop.example')
        const client = await tlsClient(listen.port, { servername: 'shop.example' })
        const answer = await askOver(client, 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')
        expect(answer).toMatch(/^HTTP\/1.1 200 OK/)
        client.destroy()

        const kept = join(proxyFiles(folder).directory, 'acme')
        expect(readdirSync(kept)).toHaveLength(2)
        for (const file of readdirSync(kept))
          expect(statSync(join(kept, file)).mode & 0o777).toBe(0o600)
        expect(readFileSync(proxyFiles(folder).log, 'utf8')).not.toContain('PRIVATE KEY')

        await router.stop({ drainMs: 0 })
        await until(
          async () => router.status(),
          (status) => status === undefined,
        )
        await router.start()
        expect(await shown()).toEqual(first)
      },
    )

    it('has them renewed when a third of their life is left', async () => {
      await pebble.stop()
      pebble = await startPebble({ folder, http: redirect, https: listen, lifeSeconds: 6 })
      await router.apply(route('tls-alpn-01'))
      const first = await until(shown, (each) => each !== undefined, 50_000)
      const open = await tlsClient(listen.port, { servername: 'shop.example' })
      await until(shown, (each) => each?.serial !== first?.serial, 50_000)
      const answer = await askOver(open, 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')
      expect(answer).toMatch(/^HTTP\/1.1 200 OK/)
      open.destroy()
    })

    it('redirects and keeps trying while the authority does not answer', async () => {
      const unanswered = route('http-01')
      await pebble.stop()
      await router.apply(unanswered)
      expect(await shown()).toBeUndefined()
      const told = await until(
        async () => (await router.read('shop'))?.certificates?.[0],
        (fault) => fault?.againMs !== undefined,
      )
      expect(told).toMatchObject({
        of: 'shop.example, www.shop.example',
        reason: expect.stringMatching(
          /gave none \(.*ECONNREFUSED.*\); clients get none$/,
        ) as string,
      })
      const plain = await rawClient(redirect.port)
      plain.send('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')
      await plain.until(/^HTTP\/1.1 308 /)
    })
  },
)
