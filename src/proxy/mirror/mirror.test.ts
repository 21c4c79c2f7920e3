import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MirrorSight } from '../../core/sight.ts'
import type { MirrorSpec, StickySpec } from '../../core/rule.ts'
import type { TrafficSpec } from '../../core/service.ts'
import {
  instanceAt,
  planeUnderTest,
  type PlaneUnderTest,
} from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'
import { sightRoute } from '../../../test/support/sight-route.ts'
import { until } from '../../../test/support/until.ts'
import { plusMirror } from '../sight/plus-mirror.ts'

type Play = Parameters<typeof rawInstance>[0]

const SPEC: MirrorSpec = {
  to: 'candidate',
  share: 10_000,
  methods: ['GET', 'HEAD'],
  bodyBytes: 1000,
  ignoredFields: ['x-node'],
}

let world: PlaneUnderTest
let instances: RawInstance[] = []
let seen: MirrorSight | undefined

beforeEach(async () => {
  world = await planeUnderTest()
  seen = undefined
})
afterEach(async () => {
  await world.close()
  await Promise.all(instances.map((each) => each.close()))
  instances = []
})

const says =
  (status: string, body: string, fields = ''): Play =>
  (socket) =>
    void socket.write(
      `HTTP/1.1 ${status}\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`,
      'latin1',
    )

/** `stable` gets all traffic, `candidate` the copies. */
async function given(
  stable: Play,
  candidate: Play,
  spec: Partial<MirrorSpec> = {},
  more: TrafficSpec = {},
): Promise<void> {
  instances = [await rawInstance(stable), await rawInstance(candidate)]
  const routed = [instanceAt(instances[0]!.port, 'v1'), instanceAt(instances[1]!.port, 'v2')]
  const roles = { stable: 'v1', candidate: 'v2' }
  const traffic = { ...more, mirror: { ...SPEC, ...spec } }
  world.plane.apply([sightRoute(routed, { v1: 10_000 }, traffic, roles)])
  world.up(...routed)
}

async function ask(request: string, ending = /\r\n\r\n[^]*\.$/): Promise<string> {
  const client = await rawClient(world.port)
  client.send(request.includes('\r\n') ? request : `${request} HTTP/1.1\r\nHost: shop\r\n\r\n`)
  const text = await client.until(ending)
  client.destroy()
  return text
}

/** What the mirror found out so far, once it is as wanted. */
async function found(wanted: (mirror: MirrorSight) => boolean): Promise<MirrorSight> {
  const look = async () => {
    const more = world.plane.takeSight()?.['shop']?.mirror
    if (more) seen = plusMirror(seen, more)
    return seen
  }
  return (await until(look, (mirror) => mirror !== undefined && wanted(mirror)))!
}

describe('a request that is mirrored', () => {
  it('reaches the other release with a mark, and the user gets only the own answer', async () => {
    await given(says('200 OK', 'mine.'), says('200 OK', 'mine.', 'Set-Cookie: from=copy\r\n'))
    const answer = await ask('GET /cart?user=1')
    expect(answer).toContain('mine.')
    expect(answer).not.toContain('copy')
    expect(await found(({ sent }) => sent === 1)).toMatchObject({ same: 1, samples: [] })
    expect(instances[1]!.received()).toMatch(
      /^GET \/cart\?user=1 HTTP\/1\.1\r\n[^]*X-Midflight-Mirror: 1\r\n/,
    )
    expect(instances[0]!.received()).not.toContain('Midflight-Mirror')
  })

  it.each([
    ['status', says('503 Busy', 'mine.')],
    ['fields', says('200 OK', 'mine.', 'Content-Type: text/html\r\n')],
    ['body', says('200 OK', 'thine.')],
  ] as const)('shows answers that differ in their %s', async (difference, candidate) => {
    await given(says('200 OK', 'mine.'), candidate)
    await ask('GET /cart?secret=1')
    const mirror = await found(({ samples }) => samples.length === 1)
    expect(mirror).toMatchObject({ sent: 1, same: 0, failed: 0, dropped: 0 })
    expect(mirror.differ[difference]).toBe(1)
    expect(mirror.samples[0]).toMatchObject({ method: 'GET', path: '/cart', differ: [difference] })
  })

  it('does not take for different what the proxy adds for a user whom it has not seen', async () => {
    const sticky: StickySpec = { by: { kind: 'cookie' }, forMs: 0, scope: 'instance' }
    await given(says('200 OK', 'mine.'), says('200 OK', 'mine.'), {}, { sticky })
    expect(await ask('GET /')).toContain('Cache-Control: private')
    expect(await found(({ sent }) => sent === 1)).toMatchObject({ same: 1 })
  })

  it('does not take for different what belongs to the moment or is to be ignored', async () => {
    await given(
      says('200 OK', 'mine.', 'Date: now\r\nX-Node: 1\r\nSet-Cookie: a=1\r\n'),
      says('200 OK', 'mine.', 'Date: later\r\nX-Node: 2\r\nSet-Cookie: a=2\r\n'),
    )
    await ask('GET /')
    expect(await found(({ sent }) => sent === 1)).toMatchObject({ same: 1 })
  })

  it('compares what bodies carry, however they are framed and coded', async () => {
    const coded = gzipSync('mine.', { level: 1 }).toString('latin1')
    const chunks = `${coded.length.toString(16)}\r\n${coded}\r\n0\r\n\r\n`
    const stored = gzipSync('mine.', { level: 0 }).toString('latin1')
    await given(
      (socket) =>
        void socket.write(
          `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`,
          'latin1',
        ),
      says('200 OK', stored, 'Content-Encoding: gzip\r\n'),
    )
    expect(stored).not.toBe(coded)
    await ask('GET /', /0\r\n\r\n$/)
    expect(await found(({ sent }) => sent === 1)).toMatchObject({ same: 1 })
  })

  it('carries its body along where its method is mirrored', async () => {
    await given(says('200 OK', 'mine.'), says('200 OK', 'mine.'), { methods: ['POST'] })
    await ask(
      'POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    )
    expect(await found(({ sent }) => sent === 1)).toMatchObject({ same: 1 })
    expect(instances[1]!.received()).toMatch(/\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/)
  })

  it('is not compared in a body that is too large, and the user gets all of it', async () => {
    const large = `${'x'.repeat(400_000)}.`
    await given(says('200 OK', large), says('200 OK', 'small'))
    expect((await ask('GET /')).split('\r\n\r\n')[1]).toBe(large)
    expect(await found(({ sent }) => sent === 1)).toMatchObject({ same: 1, uncompared: 1 })
  })

  it('tells how long users and copies waited for their answers', async () => {
    await given(says('200 OK', 'mine.'), (socket) => {
      setTimeout(() => says('200 OK', 'mine.')(socket, '', 1), 60)
    })
    await ask('GET /')
    const { times } = await found(({ sent }) => sent === 1)
    expect(times.copies[0]).toBeGreaterThan(times.users[0]!)
  })
})

describe('a mirror does not touch', () => {
  it('the user, when the copy is never answered', async () => {
    await given(says('200 OK', 'mine.'), () => undefined)
    for (let count = 0; count < 40; count += 1) expect(await ask('GET /')).toContain('200 OK')
    expect((await found(({ dropped }) => dropped === 8)).sent).toBe(0)
  })

  it('the counts of the release, when the copy breaks off', async () => {
    await given(says('200 OK', 'mine.'), (socket) => void socket.destroy())
    await ask('GET /')
    expect(await found(({ failed }) => failed === 1)).toMatchObject({ sent: 1, same: 0 })
    expect(world.tally().counts['v2']).toMatchObject({
      requests: 0,
      failed: 0,
      broken: 0,
      answers: [0, 0, 0, 0, 0, 0],
    })
  })

  it('requests by other methods, or beyond its share', async () => {
    await given(says('200 OK', 'mine.'), says('200 OK', 'mine.'))
    await ask('POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n')
    await given(says('200 OK', 'mine.'), says('200 OK', 'mine.'), { share: 0 })
    await ask('GET /')
    expect(world.plane.takeSight()?.['shop']?.mirror).toBeUndefined()
  })

  it('requests that go to the other release themselves', async () => {
    await given(says('200 OK', 'mine.'), says('200 OK', 'mine.'), { to: 'stable' })
    await ask('GET /')
    expect(world.plane.takeSight()?.['shop']?.mirror).toBeUndefined()
    expect(instances[0]!.received().match(/GET/g)).toHaveLength(1)
  })
})

describe('a copy is dropped', () => {
  it('when the body of the request is larger than is copied', async () => {
    await given(says('200 OK', 'mine.'), says('200 OK', 'mine.'), { methods: ['PUT'] })
    const body = 'x'.repeat(5000)
    await ask(`PUT / HTTP/1.1\r\nHost: shop\r\nContent-Length: 5000\r\n\r\n${body}`)
    expect(await found(({ dropped }) => dropped === 1)).toMatchObject({ sent: 0 })
    expect(instances[1]!.received()).toBe('')
  })

  it('when nobody of the other release is ready', async () => {
    await given(says('200 OK', 'mine.'), says('200 OK', 'mine.'))
    const { id, generation } = instanceAt(instances[1]!.port, 'v2')
    world.plane.mark([{ id, generation, health: 'down' }])
    await ask('GET /')
    expect(await found(({ dropped }) => dropped === 1)).toMatchObject({ sent: 0 })
  })

  it('when the user does not wait for the own answer', async () => {
    await given(() => undefined, says('200 OK', 'mine.'))
    const client = await rawClient(world.port)
    client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n')
    await until(
      async () => instances[0]!.received(),
      (text) => text !== '',
    )
    client.destroy()
    await found(({ dropped }) => dropped === 1)
    await world.until((tally) => tally.running.every((each) => each.requests === 0))
  })
})
