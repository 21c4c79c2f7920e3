import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Stage } from '../stage.ts'
import { whereIs } from '../where-is.ts'
import { wrk, type WrkPlan } from './wrk.ts'

describe.skipIf(whereIs('wrk') === undefined)('requests by wrk', () => {
  let stage: Stage
  let server: Server
  let asked: { at: number; path: string; method: string; bytes: number }[] = []

  beforeEach(async () => {
    stage = await Stage.open()
    asked = []
    server = createServer((request, answer) => {
      const { url: path = '', method = '', headers } = request
      const bytes = Number(headers['content-length'] ?? 0)
      asked.push({ at: performance.now(), path, method, bytes })
      request.resume().on('end', () => answer.end('ok'))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })

  afterEach(async () => {
    await stage.end()
    server.close()
  })

  const planFor = (path: string): WrkPlan => {
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}${path}`
    return { url, connection: 'kept', connections: 4, seconds: 1 }
  }

  it('carry a body where one is asked for', async () => {
    const { failed } = await wrk(stage, { ...planFor('/'), post: 1_024 })
    expect(failed).toBe(0)
    expect(asked[0]).toMatchObject({ method: 'POST', bytes: 1_024 })
  })

  it('keep to a rate, each in its own turns', async () => {
    const paced = (path: string, turn: number) =>
      wrk(stage, { ...planFor(path), pace: { perSecond: 200, turn, of: 2, ms: 200 } })
    const [one, other] = await Promise.all([paced('/one', 0), paced('/other', 1)])
    // Half a second of turns each; a busy machine may take some of it. Without turns they would alternate 400 times.
    for (const { done } of [one, other]) {
      expect(done).toBeGreaterThan(0)
      expect(done).toBeLessThan(140)
    }
    const changes = asked.filter(({ path }, at) => at > 0 && path !== asked[at - 1]?.path)
    expect(changes.length).toBeLessThan(50)
  })
})
