import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { certificate } from '../../../test/support/certificate.ts'
import { enteredPlane, TLS, type EnteredPlane } from '../../../test/support/entered-plane.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'
import { tlsClient } from '../../../test/support/tls-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'vanished-'))
const shop = certificate(folder, 'shop', ['shop.example'])

let instance: RawInstance
let plane: EnteredPlane
beforeEach(async () => {
  instance = await rawInstance(() => undefined)
  plane = await enteredPlane(instance.port)
  plane.enter({ tls: TLS })
  plane.show([shop])
})
afterEach(async () => {
  await plane.close()
  await instance.close()
})

describe('a TLS client that vanishes without a farewell', () => {
  it('before its handshake is complete on this side is let go at once', async () => {
    const client = await tlsClient(plane.port, { servername: 'shop.example' })
    client.destroy()
    const since = performance.now()
    await plane.drain(1000)
    expect(performance.now() - since).toBeLessThan(4_000)
  })
})
