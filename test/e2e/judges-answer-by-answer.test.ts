import { Agent, get } from 'node:http'
import { expect, it } from 'vitest'
import type { Grounds } from '../../src/core/judge.ts'
import { everybodyGets, itIsUndone } from '../support/claims.ts'
import { expectThat, given, when } from '../support/given.ts'
import { deploys } from '../support/happenings.ts'

/** Else they would all be one user: there is but one address, and hardly more than one connection. */
const USERS = { sticky: 'header:x-user-id' }
const CANARY = '{ strategy: canary, steps: [10%, 50%], hold: 60s, errors: 100%, bake: 1s }'
const EACH_MS = 10

interface Answer {
  readonly askedAtMs: number
  readonly atMs: number
  readonly status: number
}

/** A hundred requests a second, each of another user, however long their answers take. */
function hundredASecond(url: string): () => Promise<readonly Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 40 })
  const asked: Promise<Answer>[] = []
  const ask = (): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { 'x-user-id': `user-${asked.length}` }
      const askedAtMs = performance.now()
      get(url, { agent, headers }, (answer) => {
        answer.resume()
        answer.on('end', () =>
          resolve({ askedAtMs, atMs: performance.now(), status: answer.statusCode ?? 0 }),
        )
      }).on('error', reject)
    })
  const timer = setInterval(() => asked.push(ask()), EACH_MS)
  return async () => {
    clearInterval(timer)
    const answers = await Promise.all(asked)
    agent.destroy()
    return answers
  }
}

it('a release that fails one answer in five is taken back after a handful of them', async () => {
  const shop = await given({ version: 'v1', file: USERS })
  const ending = hundredASecond(shop.url)
  await when(
    shop,
    deploys({ version: 'v2', behaviour: { errors: 0.2 }, rollout: CANARY, file: USERS }),
  )
  const bad = (await ending()).filter(({ status }) => status >= 500)
  const tookMs = (bad.at(-1)?.atMs ?? 0) - (bad[0]?.atMs ?? 0)
  console.log(
    `judged: ${bad.length} bad answers, ${tookMs.toFixed(0)} ms from the first to the last`,
  )
  await expectThat(
    shop,
    itIsUndone({
      code: 'release-worse',
      message: /^v2 is worse than v1: it answered \d+ of \d+ requests with an error, v1 0 of \d+/,
      hint: /midflight logs v2/,
    }),
    everybodyGets('v1'),
  )
  expect(bad.length).toBeGreaterThan(0)
  // Four are enough on most days; by chance, or where others use the machine, a few more come.
  expect(bad.length).toBeLessThan(15)
  expect(tookMs).toBeLessThan(10_000)
})

it('a verdict is acted on at once: nobody meets a release that fails always once it is condemned', async () => {
  const shop = await given({ version: 'v1', file: USERS })
  const ending = hundredASecond(shop.url)
  await when(
    shop,
    deploys({ version: 'v2', behaviour: { errors: 1 }, rollout: CANARY, file: USERS }),
  )
  const bad = (await ending())
    .filter(({ status }) => status >= 500)
    .toSorted((a, b) => a.atMs - b.atMs)
  const { rollout } = await shop.status()
  const because = rollout?.state.phase === 'finished' ? rollout.state.because : undefined
  const grounds = because?.data['grounds'] as Grounds | undefined
  const decided = bad[(grounds?.candidate.incidents ?? 0) - 1]
  const last = Math.max(...bad.map(({ askedAtMs }) => askedAtMs))
  const tookMs = last - (decided?.atMs ?? 0)
  console.log(`acted on: the last was asked ${tookMs.toFixed(0)} ms after the answer that decided`)
  expect(because?.code).toBe('release-worse')
  expect(decided).toBeDefined()
  // A tenth of a second until it is looked at, and a tenth to act; more where others use the machine.
  expect(tookMs).toBeLessThan(1_000)
})
