import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { childApp } from '../../../test/support/child-app.ts'
import { planeUnderTest, type PlaneUnderTest } from '../../../test/support/plane-under-test.ts'

const open: (() => unknown)[] = []
const USERS = 16

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

interface Outcome {
  readonly id: string
  readonly method: string
  readonly status: number
}

async function planeTo(mostMs: number) {
  const app = await childApp<Record<string, number>>('hasty', String(mostMs))
  open.push(() => app.kill())
  const proxy = await planeUnderTest()
  open.push(() => proxy.close())
  proxy.to([app.port])
  return { app, proxy }
}

/** Users that ask one after the other over kept connections, GET and POST in turns, about when the app closes them. */
async function ask(proxy: PlaneUnderTest, each: number, mostMs: number): Promise<Outcome[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: USERS })
  open.push(() => agent.destroy())
  const outcomes: Outcome[] = []
  const user = async (name: number) => {
    for (let count = 0; count < each; count += 1) {
      const method = count % 2 ? 'POST' : 'GET'
      const id = `${name}-${count}`
      outcomes.push({ id, method, status: await statusOf(agent, proxy.port, method, id) })
      await sleep(Math.random() * mostMs)
    }
  }
  await Promise.all(Array.from({ length: USERS }, (_, name) => user(name)))
  return outcomes
}

function statusOf(agent: Agent, port: number, method: string, id: string): Promise<number> {
  return new Promise((resolve) => {
    const body = method === 'POST' ? 'body' : ''
    const headers = { 'X-Id': id, ...(body !== '' && { 'Content-Length': body.length }) }
    const asked = request({ port, host: '127.0.0.1', agent, method, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? 0))
      answer.on('error', () => resolve(0))
    })
    asked.on('error', () => resolve(0))
    asked.end(body)
  })
}

describe('an instance that closes idle connections just when they are used again', () => {
  it('costs no GET and no POST, and no POST is done twice', async () => {
    const { app, proxy } = await planeTo(2)
    const outcomes = await ask(proxy, 200, 3)
    const read = await app.report()
    expect(outcomes).toHaveLength(USERS * 200)
    expect(outcomes.filter(({ status }) => status !== 200)).toEqual([])
    const posts = outcomes.filter(({ method }) => method === 'POST')
    expect(posts.filter(({ id }) => read[id] !== 1)).toEqual([])
    expect(proxy.tally().counts['v1']).toMatchObject({ failed: 0, broken: 0 })
    // It did happen, and was not seen by anybody; nor did it use up what is there for real failures.
    expect(proxy.tally().counts['v1']?.retried).toBeGreaterThan(0)
    expect(proxy.tally().retriesRefused).toBeUndefined()
  }, 20_000)

  it('is found out when it begins to only after it was trusted', async () => {
    const { app, proxy } = await planeTo(700)
    const outcomes = await ask(proxy, 10, 350)
    const read = await app.report()
    expect(outcomes.filter(({ method, status }) => method === 'GET' && status !== 200)).toEqual([])
    const posts = outcomes.filter(({ method }) => method === 'POST')
    expect(posts.filter(({ id }) => (read[id] ?? 0) > 1)).toEqual([])
    expect(posts.filter(({ status }) => status !== 200).length).toBeLessThanOrEqual(1)
  }, 20_000)
})
