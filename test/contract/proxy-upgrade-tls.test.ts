import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectH2, type ClientHttp2Session } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CertificateFiles } from '../../src/core/entry.ts'
import { isAlive } from '../../src/lib/process-identity.ts'
import { busyInstance, type BusyInstance } from '../support/busy-instance.ts'
import { certificate } from '../support/certificate.ts'
import { h2Ask } from '../support/h2-client.ts'
import { proxyUnderUpgrade, type ProxyUnderUpgrade } from '../support/proxy-under-upgrade.ts'
import { rawClient } from '../support/raw-client.ts'
import { askOver, tlsClient } from '../support/tls-client.ts'
import { until } from './router-world.ts'

const GET = 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'
const OK = /^HTTP\/1\.1 200 [^]*ok/
const NAMED = { servername: 'shop.example' }

let folder: string
let shop: CertificateFiles
let instance: BusyInstance
let world: ProxyUnderUpgrade

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'midflight-upgrade-tls-'))
  shop = certificate(folder, 'shop', ['shop.example'])
  instance = await busyInstance()
  const tls = { certificates: [shop], minVersion: 'TLSv1.2' } as const
  const entry = { http2: true, proxyProtocol: false, trusted: [], tls }
  world = await proxyUnderUpgrade(instance.routed, { entry })
})
afterEach(async () => {
  await world.close()
  await instance.close()
  await rm(folder, { recursive: true })
})

/** Asks over a connection of its own; with the session of an earlier one, where there is one. */
async function askAnew(session?: Buffer): Promise<string> {
  const client = await tlsClient(world.listen.port, { ...NAMED, ...(session && { session }) })
  const answer = await askOver(client, GET)
  client.destroy()
  return answer
}

/** New handshakes all the time, until told to end; resolves with how many there were, or why one failed. */
function newcomers(session: Buffer): () => Promise<number> {
  const over = new AbortController()
  let count = 0
  const one = async (known?: Buffer) => {
    while (!over.signal.aborted) {
      expect(await askAnew(known)).toMatch(OK)
      count += 1
    }
  }
  const all = Promise.all([one(), one(), one(session)])
  all.catch(() => undefined)
  return async () => {
    over.abort()
    await all
    return count
  }
}

/** A connection with one answer behind it, and a session that can be resumed. */
async function kept(): Promise<{ client: TLSSocket; session: Buffer }> {
  const client = await tlsClient(world.listen.port, NAMED)
  const told = once(client, 'session') as Promise<[Buffer]>
  expect(await askOver(client, GET)).toMatch(OK)
  return { client, session: (await told)[0] }
}

/** HTTP/2, as browsers speak it. */
async function h2Session(): Promise<ClientHttp2Session> {
  const url = `https://127.0.0.1:${world.listen.port}`
  const session = connectH2(url, { ...NAMED, rejectUnauthorized: false })
  session.on('error', () => undefined)
  await once(session, 'connect')
  return session
}

const askH2 = async (session: ClientHttp2Session) =>
  h2Ask(session, { ':path': '/', ':authority': 'shop.example' })

describe('an upgrade of a proxy that speaks TLS', () => {
  it('refuses no handshake, and lets what is open go on or tells it to go', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, kept))
    const h2 = await h2Session()
    expect(await askH2(h2)).toMatchObject({ status: 200, body: 'ok' })
    const toldToGo = once(h2, 'goaway')
    const silent = await rawClient(world.listen.port)
    const over = newcomers(all[0]!.session)
    const old = await world.proxy()
    await world.upgrade()
    expect((await world.proxy()).pid).not.toBe(old.pid)

    await toldToGo
    for (const { client } of all) {
      const answer = client.readableEnded ? '' : await askOver(client, GET)
      // Without a byte it was told to go, and comes back.
      expect(answer === '' ? await askAnew() : answer).toMatch(OK)
    }
    // This one had said nothing before the upgrade.
    const late = connect({ socket: silent.socket, ...NAMED, rejectUnauthorized: false })
    await once(late, 'secureConnect')
    expect(await askOver(late, GET)).toMatch(OK)
    expect(await askAnew(all[1]!.session)).toMatch(OK)
    const next = await h2Session()
    expect(await askH2(next)).toMatchObject({ status: 200, body: 'ok' })
    expect(await over()).toBeGreaterThan(0)

    for (const { client } of all) client.destroy()
    for (const session of [h2, next]) session.destroy()
    late.destroy()
    await until(() => !isAlive(old))
  })

  it('leaves the certificates to the new one, which reads them when they change', async () => {
    await world.upgrade()
    const shownBy = async () => {
      const client = await tlsClient(world.listen.port, NAMED)
      const { serialNumber } = client.getPeerCertificate()
      client.destroy()
      return serialNumber
    }
    const before = await shownBy()
    const next = certificate(folder, 'next', ['shop.example'])
    renameSync(next.key, shop.key)
    renameSync(next.cert, shop.cert)
    await until(async () => (await shownBy()) !== before)
  })
})
