import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  instanceAt,
  LIMITS,
  planeUnderTest,
  type PlaneUnderTest,
} from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'
import { sightRoute } from '../../../test/support/sight-route.ts'

type Play = Parameters<typeof rawInstance>[0]

let world: PlaneUnderTest
let instances: RawInstance[] = []

beforeEach(async () => {
  world = await planeUnderTest()
})
afterEach(async () => {
  await world.close()
  await Promise.all(instances.map((each) => each.close()))
  instances = []
})

const says =
  (status: string, body: string): Play =>
  (socket) =>
    void socket.write(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)

/** `new` gets all traffic; `old` is live beside it. */
async function given(fresh: Play, old: Play, answerMs = LIMITS.answerMs): Promise<void> {
  instances = [await rawInstance(fresh), await rawInstance(old)]
  const routed = [instanceAt(instances[0]!.port, 'new'), instanceAt(instances[1]!.port, 'old')]
  const route = sightRoute(routed, { new: 10_000 }, { assets: ['/assets/'] })
  world.plane.apply([{ ...route, limits: { ...LIMITS, answerMs } }])
  world.up(...routed)
}

async function ask(request: string, ending: RegExp): Promise<string> {
  const client = await rawClient(world.port)
  client.send(`${request} HTTP/1.1\r\nHost: shop\r\n\r\n`)
  const text = await client.until(ending)
  client.destroy()
  return text
}

const fallbacks = () => world.plane.takeSight()?.['shop']?.fallbacks

describe('a file that the chosen release lacks', () => {
  it('comes from the other live release', async () => {
    await given(says('404 Not Found', 'lacking'), says('200 OK', 'app.1.js'))
    const answer = await ask('GET /assets/app.1.js', /app\.1\.js$/)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(answer).not.toContain('lacking')
    expect(fallbacks()).toEqual({ asked: 1, found: 1 })
  })

  it('is told of as not modified where the other release says so', async () => {
    await given(
      says('404 Not Found', 'lacking'),
      (socket) => void socket.write('HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'),
    )
    expect(await ask('GET /assets/app.1.js', /\r\n\r\n$/)).toContain('304 Not Modified')
  })

  it.each(['404 Not Found', '500 Broken', '302 Found'])(
    'is missing as the first one said when the other answers %s',
    async (status) => {
      await given(says('404 Not Found', 'the first'), says(status, 'the other'))
      const answer = await ask('GET /assets/app.1.js', /the first$/)
      expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found/)
      expect(fallbacks()).toEqual({ asked: 1, found: 0 })
    },
  )

  it('is missing as the first one said when the other breaks off', async () => {
    await given(says('404 Not Found', 'the first'), (socket) => void socket.destroy())
    expect(await ask('GET /assets/app.1.js', /the first$/)).toContain('404 Not Found')
  })

  it('is missing as the first one said when the other does not answer in half the time', async () => {
    await given(says('404 Not Found', 'the first'), () => undefined, 400)
    expect(await ask('GET /assets/app.1.js', /the first$/)).toContain('404 Not Found')
  })

  it('keeps a long 404 whole while the other is asked', async () => {
    const long = `${'x'.repeat(300_000)}end`
    await given(says('404 Not Found', long), says('404 Not Found', ''))
    const answer = await ask('GET /assets/app.1.js', /end$/)
    expect(answer.split('\r\n\r\n')[1]).toBe(long)
  })

  it('comes whole when it is long', async () => {
    const long = `${'x'.repeat(3_000_000)}end`
    await given(says('404 Not Found', 'lacking'), says('200 OK', long))
    expect((await ask('GET /assets/app.1.js', /end$/)).split('\r\n\r\n')[1]).toBe(long)
  })

  it('comes to HEAD without its body', async () => {
    const told =
      (status: string): Play =>
      (socket) =>
        void socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 5\r\n\r\n`)
    await given(told('404 Not Found'), told('200 OK'))
    expect(await ask('HEAD /assets/app.1.js', /\r\n\r\n$/)).toContain('200 OK')
  })

  it('leaves the connections to both instances and to the client open', async () => {
    await given(says('404 Not Found', 'lacking'), says('200 OK', 'app.1.js'))
    const client = await rawClient(world.port)
    for (let count = 1; count <= 3; count += 1) {
      client.send('GET /assets/app.1.js HTTP/1.1\r\nHost: shop\r\n\r\n')
      await client.until(new RegExp(`(app\\.1\\.js[^]*){${count}}$`))
    }
    client.destroy()
    expect(instances.map((each) => each.connections())).toEqual([1, 1])
    await world.until((tally) => tally.running.every((each) => each.requests === 0))
  })

  it('counts as a request of the release that was chosen, once', async () => {
    await given(says('404 Not Found', 'lacking'), says('200 OK', 'app.1.js'))
    await ask('GET /assets/app.1.js', /app\.1\.js$/)
    expect(world.tally().counts['new']).toMatchObject({
      requests: 1,
      answers: [0, 0, 1, 0, 0, 0],
    })
    expect(world.tally().counts['old']?.requests).toBe(0)
  })

  it('is not asked elsewhere any more when the user has left', async () => {
    await given(says('404 Not Found', 'lacking'), () => undefined, 400)
    const client = await rawClient(world.port)
    client.send('GET /assets/app.1.js HTTP/1.1\r\nHost: shop\r\n\r\n')
    await world.until((tally) =>
      tally.running.some((each) => each.id === 'shop.old.0' && each.requests === 1),
    )
    client.destroy()
    await world.until((tally) => tally.running.every((each) => each.requests === 0))
  })
})

describe('only for files', () => {
  it.each([
    ['another path', 'GET /page'],
    ['a POST', 'POST /assets/app.1.js'],
  ])('the other release is asked: not for %s', async (_name, request) => {
    await given(says('404 Not Found', 'lacking'), says('200 OK', 'app.1.js'))
    expect(await ask(request, /lacking$/)).toContain('404 Not Found')
    expect(instances[1]!.received()).toBe('')
  })

  it('that are missing: what the chosen release has comes from it', async () => {
    await given(says('200 OK', 'app.2.js'), says('200 OK', 'app.1.js'))
    expect(await ask('GET /assets/app.2.js', /app\.2\.js$/)).toContain('200 OK')
    expect(instances[1]!.received()).toBe('')
  })

  it('and not where no other release is live', async () => {
    await given(says('404 Not Found', 'lacking'), says('200 OK', 'app.1.js'))
    const alone = instanceAt(instances[0]!.port, 'new')
    world.plane.apply([sightRoute([alone], { new: 10_000 }, { assets: ['/assets/'] })])
    expect(await ask('GET /assets/app.1.js', /lacking$/)).toContain('404 Not Found')
    expect(fallbacks()).toBeUndefined()
  })
})
