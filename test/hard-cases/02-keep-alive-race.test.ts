import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { appInstance, proxyOfTwo } from '../support/proxy-and-apps.ts'

/** Through each worker. */
const USERS = 8
const REQUESTS = 150
/** The app closes an idle connection at a random moment until then, and users ask again about when it does. */
const MOST_MS = 2

interface User {
  readonly name: string
  readonly agent: Agent
}

function statusOf(port: number, { agent }: User, method: string, id: string): Promise<number> {
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

/** A user on a connection of its own, to the worker that takes connections now. */
async function arriving(port: number, name: string): Promise<User> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const user = { name, agent }
  expect(await statusOf(port, user, 'GET', `${name}-first`)).toBe(200)
  return user
}

it('an instance that closes idle connections just when they are used again costs no request, and no POST is done twice', async () => {
  // given an app that closes connections all the time, and users of both workers
  const app = await appInstance<Record<string, number>>('hasty', {
    app: 'hasty',
    args: [String(MOST_MS)],
  })
  const proxy = await proxyOfTwo()
  await proxy.serve([app.routed])
  let count = 0
  const users = await proxy.throughEach(() =>
    Promise.all(Array.from({ length: USERS }, () => arriving(proxy.port, `u${(count += 1)}`))),
  )

  // when they ask one request after the other, to read and to write
  const statuses = new Map<string, number>()
  const asking = users.flat().map(async (user) => {
    for (let at = 0; at < REQUESTS; at += 1) {
      const method = at % 2 ? 'POST' : 'GET'
      const id = `${method}-${user.name}-${at}`
      statuses.set(id, await statusOf(proxy.port, user, method, id))
      await sleep(Math.random() * 1.5 * MOST_MS)
    }
  })
  await Promise.all(asking)

  // then all are answered, and each POST has reached the app once
  expect([...statuses].filter(([, status]) => status !== 200)).toEqual([])
  const read = await app.report()
  const posts = [...statuses.keys()].filter((id) => id.startsWith('POST'))
  expect(posts).toHaveLength(2 * USERS * (REQUESTS / 2))
  expect(posts.filter((id) => read[id] !== 1)).toEqual([])

  // and it did happen, and used up nothing that is there for real failures
  const { counts, retriesRefused } = await proxy.until(
    ({ counts: now }) => (now['hasty']?.requests ?? 0) >= statuses.size,
  )
  expect(counts['hasty']).toMatchObject({ failed: 0, broken: 0 })
  expect(counts['hasty']?.retried).toBeGreaterThan(0)
  expect(retriesRefused).toBeUndefined()
})
