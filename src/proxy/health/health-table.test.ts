import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testRoute } from '../../../test/contract/router-world.ts'
import { until } from '../../../test/support/until.ts'
import type { Route } from '../../core/route.ts'
import { HealthTable } from './health-table.ts'

const SERVICES = 200
const INSTANCES = 3
/** As many checks run at once, and so may arrive in another order than they were begun in. */
const AT_ONCE = 64

describe('the checks of many services that begin together', () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.headers.host ?? '')
    response.end()
  })
  const table = new HealthTable(() => undefined)

  beforeEach(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(() => {
    table.close()
    server.close()
  })

  function routeOf(service: string): Route {
    const { port } = server.address() as AddressInfo
    const address = { host: '127.0.0.1', port }
    const instances = Array.from({ length: INSTANCES }, (_, slot) => ({
      id: `${service}.v1.${slot}`,
      release: 'v1',
      address,
      state: 'serving' as const,
      generation: 'g1',
    }))
    const route = testRoute({ host: '127.0.0.1', port: 1 }, { v1: 10_000 }, instances)
    return { ...route, service, ready: { ...route.ready, up: 1, intervalMs: 60_000 } }
  }

  const upIn = (service: string) => table.marksOf(service).filter((mark) => mark.health === 'up')

  it('prove one instance of each before a second one of any', async () => {
    const routes = Array.from({ length: SERVICES }, (_, at) => routeOf(`s${at}`))
    table.watchAll(routes)
    await until(
      async () => asked.length,
      (count) => count >= SERVICES * INSTANCES,
    )
    expect(new Set(asked.slice(0, SERVICES + AT_ONCE)).size).toBe(SERVICES)
    await until(
      async () => routes.flatMap(({ service }) => upIn(service)).length,
      (count) => count === SERVICES * INSTANCES,
    )
  })
})
