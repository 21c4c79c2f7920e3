import { once } from 'node:events'
import { mkdtemp, stat, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../lib/free-port.ts'
import { realWorld } from '../../test/support/real-world.ts'
import type { AccessRecord } from '../core/access.ts'
import { Controller } from '../engine/controller.ts'
import { apiClient } from './client.ts'
import type { Host } from './routes.ts'
import { type ApiAddress, serveApi } from './server.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

const TOKEN = 'a-token-of-more-than-sixteen'

async function served(tcp?: NonNullable<ApiAddress['tcp']>): Promise<string> {
  const real = await realWorld()
  const host: Host = {
    controller: new Controller(real.tools()),
    version: '0.0.0',
    logs: async function* logs() {
      yield { instance: 'shop.v1.0', line: 'hello' }
    },
    explain: async () => undefined,
    accessLog: async function* accessLog(service) {
      yield { service } as AccessRecord
    },
    down: async () => undefined,
    log: () => undefined,
  }
  const socketPath = join(await mkdtemp(join(tmpdir(), 'midflight-api-')), 'api.sock')
  await writeFile(socketPath, 'left by a controller that died')
  const server = await serveApi(host, { socketPath, ...(tcp && { tcp }) })
  ends.push(
    async () => real.dispose(),
    async () => server.close(),
  )
  return socketPath
}

describe('the API', () => {
  it('answers on a unix socket that only its user may open', async () => {
    const socketPath = await served()
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600)
    const greeting = await apiClient({ socketPath }).call('GET', '/v1')
    expect(greeting).toEqual({ midflight: '0.0.0', pid: process.pid, services: [] })
  })

  it('throws in the client the Problem that the controller threw', async () => {
    const client = apiClient({ socketPath: await served() })
    await expect(client.call('GET', '/v1/services/shop/status')).rejects.toMatchObject({
      code: 'service-unknown',
      message: 'nothing is known of a service "shop" here',
    })
    await expect(client.call('POST', '/v1/services/shop/promote')).rejects.toMatchObject({
      code: 'no-rollout',
    })
    await expect(client.call('GET', '/v1/nothing')).rejects.toMatchObject({
      code: 'request-invalid',
    })
  })

  it('names every fault of a body and where it is', async () => {
    const client = apiClient({ socketPath: await served() })
    const body = { ifBusy: 'perhaps', wish: 1 }
    await expect(client.call('POST', '/v1/services/shop/rollback', body)).rejects.toMatchObject({
      code: 'request-invalid',
      message: expect.stringContaining('ifBusy') as string,
    })
  })

  it('streams lines until there are no more', async () => {
    const client = apiClient({ socketPath: await served() })
    const lines = await Array.fromAsync(client.stream('/v1/services/shop/logs'))
    expect(lines).toEqual([{ instance: 'shop.v1.0', line: 'hello' }])
  })

  it('streams what the access log tells of a service', async () => {
    const client = apiClient({ socketPath: await served() })
    const records = await Array.fromAsync(client.stream('/v1/services/shop/access'))
    expect(records).toEqual([{ service: 'shop' }])
  })

  it('says that the controller is gone when it dies in the middle of an answer', async () => {
    const socketPath = join(await mkdtemp(join(tmpdir(), 'mf-')), 'api.sock')
    const dying = createServer((_, response) => {
      response.write('{"version":', () => response.destroy())
    }).listen(socketPath)
    await once(dying, 'listening')
    ends.push(async () => dying.close())
    const answer = apiClient({ socketPath }).call('GET', '/v1')
    await expect(answer).rejects.toMatchObject({ code: 'controller-missing' })
  })

  it('says where it looked when no controller answers', async () => {
    const client = apiClient({ socketPath: '/nowhere/api.sock' })
    await expect(client.call('GET', '/v1')).rejects.toMatchObject({
      code: 'controller-missing',
      message: 'no controller answers at /nowhere/api.sock',
    })
  })
})

describe('the API over TCP', () => {
  it('answers nobody without the token, not even that a path is unknown', async () => {
    const port = await freePort()
    await served({ host: '127.0.0.1', port, token: TOKEN })
    for (const path of ['/v1', '/v1/nothing', '/']) {
      for (const authorization of ['', 'Bearer wrong', `Bearer ${TOKEN}x`, TOKEN]) {
        const asking = request({
          host: '127.0.0.1',
          port,
          path,
          headers: { authorization },
          agent: false,
        }).end()
        const [answer] = (await once(asking, 'response')) as [
          { statusCode: number; resume: () => void },
        ]
        answer.resume()
        expect(answer.statusCode).toBe(401)
      }
    }
  })

  it('answers with it', async () => {
    const port = await freePort()
    await served({ host: '127.0.0.1', port, token: TOKEN })
    const client = apiClient({ url: new URL(`http://127.0.0.1:${port}`), token: TOKEN })
    expect(await client.call('GET', '/v1')).toMatchObject({ pid: process.pid })
  })
})
