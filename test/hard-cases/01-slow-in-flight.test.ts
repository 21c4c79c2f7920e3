import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Traffic } from '../../src/core/traffic.ts'
import { errorsIn } from '../../src/core/traffic.ts'
import { appInstance, draining, proxyOfTwo } from '../support/proxy-and-apps.ts'
import { until } from '../support/until.ts'

const EACH = 25

async function textOf(port: number, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  expect(response.status).toBe(200)
  return await response.text()
}

const runningOn = (release: string, { instances }: Traffic): number =>
  instances.find((each) => each.release === release)?.requests ?? 0

/** Users that ask all the time, for the name of the release that answers and whether they began after the move. */
function users(port: number) {
  const answers: { readonly isAfter: boolean; readonly name: string }[] = []
  const state = { hasMoved: false, isOver: false }
  const user = async (): Promise<void> => {
    while (!state.isOver) {
      const isAfter = state.hasMoved
      answers.push({ isAfter, name: await textOf(port, '/') })
      await sleep(10)
    }
  }
  const all = Promise.all([user(), user(), user()])
  all.catch(() => undefined)
  return {
    answers,
    state,
    end: async () => {
      state.isOver = true
      await all
    },
  }
}

it('slow requests that run when the traffic moves finish where they began, and what begins after it gets the new release', async () => {
  // given fifty slow answers and fifty streams of blue, half of each on either worker, and users that go on asking
  const [blue, green] = await Promise.all([appInstance('blue'), appInstance('green')])
  const proxy = await proxyOfTwo()
  const how = { traffic: { ending: { stayMs: 100, spreadMs: 200, reconnectsPerSecond: 0 } } }
  await proxy.serve([blue.routed, green.routed], how)
  const slow: Promise<string>[] = []
  const streams: Promise<string>[] = []
  await proxy.throughEach(async () => {
    for (let count = 0; count < EACH; count += 1) {
      slow.push(textOf(proxy.port, '/slow'))
      streams.push(textOf(proxy.port, '/stream'))
    }
    await proxy.until((now) => runningOn('blue', now) === slow.length + streams.length)
  })
  const asking = users(proxy.port)

  // when the traffic moves
  await until(
    async () => asking.answers.length,
    (count) => count > 20,
  )
  await proxy.route([draining(blue), green.routed], how)
  asking.state.hasMoved = true
  const late = () => asking.answers.filter(({ isAfter }) => isAfter).map(({ name }) => name)
  await until(
    async () => late().length,
    (count) => count > 50,
  )

  // then all that blue has begun still runs, and it finishes it and gets nothing more
  expect(runningOn('blue', await proxy.traffic())).toBe(4 * EACH)
  blue.tell('finish')
  expect(new Set(await Promise.all(slow))).toEqual(new Set(['blue']))
  for (const text of await Promise.all(streams)) expect(text).toMatch(/^(?:blue )+end$/)
  await proxy.until((now) => runningOn('blue', now) === 0)
  await asking.end()
  expect(new Set(late())).toEqual(new Set(['green']))
  const { counts, refused } = await proxy.traffic()
  expect([errorsIn(counts['blue']!), errorsIn(counts['green']!), refused]).toEqual([0, 0, 0])
})
