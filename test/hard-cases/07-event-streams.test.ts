import { request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import type { Traffic } from '../../src/core/traffic.ts'
import { appInstance, draining, proxyOfTwo } from '../support/proxy-and-apps.ts'

const EACH = 10
const STAY_MS = 500
const SPREAD_MS = 1000

interface Followed {
  /** Who wrote each event. */
  readonly by: readonly string[]
  /** How long each was on its way. */
  readonly lateMs: readonly number[]
  /** When the first stream ended. */
  readonly endedAtMs: number
}

/** Follows the events as a browser does: comes back with the last id, until green has written one. */
async function follow(port: number): Promise<Followed> {
  const by: string[] = []
  const lateMs: number[] = []
  let endedAtMs = 0
  while (by.at(-1) !== 'green') {
    const text = await oneStream(port, by.length, (event) => {
      lateMs.push(Date.now() - event.writtenAtMs)
      by.push(event.by)
      return event.by === 'green'
    })
    endedAtMs ||= performance.now()
    expect(text).toMatch(/\n\n$/)
  }
  return { by, lateMs, endedAtMs }
}

/** Resolves with all that came, when the stream ends or when `isEnough` says so. */
async function oneStream(
  port: number,
  last: number,
  isEnough: (event: { readonly by: string; readonly writtenAtMs: number }) => boolean,
): Promise<string> {
  const headers = { accept: 'text/event-stream', 'last-event-id': last, 'accept-encoding': 'gzip' }
  const asked = request({ host: '127.0.0.1', port, path: '/events', headers, agent: false }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  let text = ''
  let read = 0
  for await (const bytes of answer.setEncoding('latin1') as AsyncIterable<string>) {
    text += bytes
    for (let end = text.indexOf('\n\n', read); end >= 0; end = text.indexOf('\n\n', read)) {
      const [, id, by = '', writtenAtMs] = /id: (\d+)\ndata: (\w+) (\d+)$/.exec(
        text.slice(read, end),
      )!
      expect(Number(id)).toBe((last += 1))
      read = end + 2
      if (isEnough({ by, writtenAtMs: Number(writtenAtMs) })) return text.slice(0, read)
    }
  }
  return text
}

const runningOn = (release: string, { instances }: Traffic): number =>
  instances.find((each) => each.release === release)?.requests ?? 0

it('event streams end between two events when a release leaves, and go on at the new one without a gap', async () => {
  // given streams of numbered events from blue, through both workers
  const [blue, green] = await Promise.all([appInstance('blue'), appInstance('green')])
  const proxy = await proxyOfTwo()
  const ending = { stayMs: STAY_MS, spreadMs: SPREAD_MS, reconnectsPerSecond: 0 }
  const how = { traffic: { ending } }
  await proxy.serve([blue.routed, green.routed], how)
  const following: Promise<Followed>[] = []
  await proxy.throughEach(async () => {
    for (let count = 0; count < EACH; count += 1) following.push(follow(proxy.port))
    await proxy.until((now) => runningOn('blue', now) === following.length)
  })

  // when blue drains
  const drainedAtMs = performance.now()
  await proxy.route([draining(blue), green.routed], how)
  const all = await Promise.all(following)

  // then nobody misses an event or gets one by half, and they leave one after the other
  for (const { by } of all) expect(new Set(by)).toEqual(new Set(['blue', 'green']))
  const ends = all.map(({ endedAtMs }) => endedAtMs - drainedAtMs).toSorted((a, b) => a - b)
  expect(ends[0]).toBeGreaterThanOrEqual(STAY_MS)
  expect(ends[1.5 * EACH]! - ends[EACH / 2]!).toBeGreaterThan(SPREAD_MS / 5)
  const lateMs = all.flatMap((each) => each.lateMs).toSorted((a, b) => a - b)
  expect(lateMs[(lateMs.length / 2) | 0]).toBeLessThan(50)
  const { counts } = await proxy.until((now) => runningOn('blue', now) === 0)
  expect(counts['blue']).toMatchObject({ closed: 2 * EACH, broken: 0, failed: 0 })
})
