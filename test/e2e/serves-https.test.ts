import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../src/lib/free-port.ts'
import { itIsPromoted } from '../support/claims.ts'
import { certificate } from '../support/certificate.ts'
import { datedCertificate, ENDED } from '../support/dated-certificate.ts'
import { expectThat, goesUp, prepared, type Sentence, when } from '../support/given.ts'
import { deploys, rollsBack } from '../support/happenings.ts'
import { askOver, tlsClient } from '../support/tls-client.ts'
import { until } from '../support/until.ts'
import type { Shop } from '../support/shop.ts'

const NAMES = ['shop.example', '127.0.0.1']
const GET = 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'

describe('a service with a certificate', () => {
  it('is reached by HTTPS, sends the others there, and renews the certificate under open connections, and is held up by none that has ended meanwhile', async () => {
    const shop = await prepared({ version: 'v1' })
    const plainPort = await freePort()
    const file = {
      tls: {
        certificates: [{ cert: './shop.pem', key: './shop.key.pem' }],
        redirect: `127.0.0.1:${plainPort}`,
        hsts: { 'max-age': '30d' },
      },
    }
    certificate(shop.folder, 'shop', NAMES)
    await shop.write({ version: 'v1', file })
    await when(shop, goesUp)
    await expectThat(shop, answersOverTls('v1'), redirects(plainPort))

    const { port } = shop.workspace.listen
    const open = await tlsClient(port, { servername: 'shop.example' })
    const before = await shownBy(shop)
    await writeFile(join(shop.folder, 'shop.pem'), 'not a certificate')
    await until(
      () => shop.status(),
      ({ certificates }) => certificates !== undefined,
    )
    await expectThat(shop, isDegraded('is no certificate in PEM; what was read before is used on'))
    expect(await shownBy(shop)).toBe(before)

    await renews(shop)
    const after = await until(
      () => shownBy(shop),
      (serial) => serial !== before,
    )
    expect(after).not.toBe(before)
    expect(await askOver(open, GET)).toMatch(/^HTTP\/1.1 200 /)

    await when(shop, deploys({ version: 'v2', file }))
    await expectThat(shop, itIsPromoted, answersOverTls('v2'))
    expect(await askOver(open, GET)).toContain('"v2"')
    open.destroy()
    await expectThat(shop, keepsItsKey)

    datedCertificate(shop.folder, 'ended', ENDED)
    await rename(join(shop.folder, 'ended.key.pem'), join(shop.folder, 'shop.key.pem'))
    await rename(join(shop.folder, 'ended.pem'), join(shop.folder, 'shop.pem'))
    await until(
      () => shop.status(),
      ({ certificates }) => certificates !== undefined,
    )
    await expectThat(shop, isDegraded('is not valid since 2020-02-01, and browsers refuse it'))
    await when(shop, deploys({ version: 'v3', file }))
    await expectThat(shop, itIsPromoted, itIsLive('v3'))
    await when(shop, rollsBack)
    await expectThat(shop, itIsPromoted, itIsLive('v2'))
  })
})

function answersOverTls(version: string): Sentence {
  return async (shop) => {
    const ca = readFileSync(join(shop.folder, 'shop.pem'))
    const { port } = shop.workspace.listen
    const client = await tlsClient(port, { ca, rejectUnauthorized: true, servername: NAMES[0] })
    const answer = await askOver(client, GET)
    client.destroy()
    expect(answer).toMatch(/\r\nStrict-Transport-Security: max-age=2592000\r\n/)
    expect(answer).toContain(JSON.stringify({ version }))
  }
}

function itIsLive(version: string): Sentence {
  return async (shop) => expect((await shop.status()).live).toBe(version)
}

function redirects(plainPort: number): Sentence {
  return async ({ workspace: { listen } }) => {
    const answer = await fetch(`http://127.0.0.1:${plainPort}/cart?n=1`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([
      308,
      `https://127.0.0.1:${listen.port}/cart?n=1`,
    ])
  }
}

/** The serial number of the certificate that a new client is shown. */
async function shownBy({ workspace: { listen } }: Shop): Promise<string> {
  const client = await tlsClient(listen.port, { servername: 'shop.example' })
  const { serialNumber } = client.getPeerCertificate()
  client.end()
  return serialNumber
}

function isDegraded(because: string): Sentence {
  return async (shop) => {
    const { exitStatus, lines } = await shop.says('status')
    const { certificates } = lines.at(-1) as { certificates: readonly { reason: string }[] }
    expect([exitStatus, certificates[0]?.reason]).toEqual([1, because])
  }
}

/** As a tool that renews certificates does: each file whole. */
async function renews({ folder }: Shop): Promise<void> {
  const { cert, key } = certificate(folder, 'next', NAMES)
  await rename(key, join(folder, 'shop.key.pem'))
  await rename(cert, join(folder, 'shop.pem'))
}

/** Nothing of the key is in what Midflight writes about the service. */
const keepsItsKey: Sentence = async ({ folder, workspace }) => {
  const secret = readFileSync(join(folder, 'shop.key.pem'), 'utf8').split('\n')[1] ?? ''
  expect(secret).not.toBe('')
  for (const file of ['proxy/proxy.log', 'proxy/snapshot.json', 'controller.log']) {
    expect(readFileSync(join(workspace.stateDirectory, file), 'utf8')).not.toContain(secret)
  }
}
