import { afterEach, describe, expect, it } from 'vitest'
import {
  appUnderTest,
  type AppUnderTest,
  movingPlane,
  type MovingPlane,
} from '../../../test/support/moving-plane.ts'

const SLOW_MS = 2500
const PARTS = 25

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

/** `/slow` answers late, `/stream` part by part, all else at once. */
async function slowApp(name: string): Promise<AppUnderTest> {
  const app = await appUnderTest((request, response) => {
    if (request.url === '/slow') return void setTimeout(() => response.end(name), SLOW_MS)
    if (request.url !== '/stream') return void response.end(name)
    let left = PARTS
    const timer = setInterval(() => {
      response.write(`${name} `)
      left -= 1
      if (left > 0) return
      clearInterval(timer)
      response.end('end')
    }, SLOW_MS / PARTS)
  })
  open.push(() => app.close())
  return app
}

async function textOf(proxy: MovingPlane, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${proxy.port}${path}`)
  expect(response.status).toBe(200)
  return response.text()
}

describe('a cut with slow requests in flight', () => {
  it('lets all of them finish where they began, and sends whatever begins after it to the other release', async () => {
    const [blue, green] = [await slowApp('blue'), await slowApp('green')]
    const proxy = await movingPlane(blue.port, green.port)
    open.push(() => proxy.close())
    const ending = { stayMs: 100, spreadMs: 200, reconnectsPerSecond: 0 }
    proxy.before({ traffic: { ending } })
    const slow = Array.from({ length: 50 }, () => textOf(proxy, '/slow'))
    const streams = Array.from({ length: 50 }, () => textOf(proxy, '/stream'))
    await proxy.until(({ running }) => running[0]?.requests === 100)
    const quick: Promise<{ after: boolean; text: string }>[] = []
    let after = false
    const load = setInterval(() => {
      const began = after
      quick.push(textOf(proxy, '/').then((text) => ({ after: began, text })))
    }, 5)
    open.push(() => clearInterval(load))
    await expect.poll(() => quick.length, { timeout: 2000 }).toBeGreaterThan(20)
    proxy.after({ traffic: { ending } })
    after = true
    const texts = await Promise.all(slow)
    expect(new Set(texts)).toEqual(new Set(['blue']))
    expect(new Set(await Promise.all(streams))).toEqual(new Set([`${'blue '.repeat(PARTS)}end`]))
    await proxy.until(({ running }) => running[0]?.requests === 0)
    clearInterval(load)
    const answers = await Promise.all(quick)
    expect(answers.filter((each) => each.after).every(({ text }) => text === 'green')).toBe(true)
    expect(answers.some((each) => each.after)).toBe(true)
    const { counts, refused } = proxy.tally()
    expect(counts['blue']).toMatchObject({ failed: 0, broken: 0 })
    expect(counts['green']).toMatchObject({ failed: 0, broken: 0 })
    expect(refused).toBe(0)
  })
})
