import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { apiClient } from '../../src/api/client.ts'
import { everybodyGets } from '../support/claims.ts'
import { expectThat, givenForAll, when } from '../support/given.ts'
import { deploys } from '../support/happenings.ts'
import type { Shop } from '../support/shop.ts'
import { until } from '../support/until.ts'

const CLIENTS = 4
/** Between two requests of a client: some 400 a second of all. */
const EACH_MS = 10
/** So many answers in a row of the release before, and the bad one is gone. */
const SURE = 100
/** A machine that does much else takes longer; the best of so many tells what a rollback takes. */
const TRIES = 5

const shop = givenForAll({ version: 'v1' })

it('the last request reaches a bad release less than 100 ms after its rollback was asked for, while the old one is warm', async () => {
  const rollout = '{ strategy: rolling, warm: 5m, bake: 0s }'
  const tookMs: number[] = []
  while (tookMs.length < TRIES && !tookMs.some((ms) => ms < 100)) {
    const version = `v${tookMs.length + 2}`
    await when(shop(), deploys({ version, rollout }))
    tookMs.push(await timeToGoBack(shop(), version))
    await until(
      async () => (await shop().status()).rollout?.state.phase,
      (phase) => phase === 'finished',
    )
    await expectThat(shop(), everybodyGets('v1'))
  }
  const told = tookMs.map((ms) => `${Math.round(ms)} ms`).join(', ')
  console.log(`from the command to the last request that the bad release got: ${told}`)
  expect(Math.min(...tookMs)).toBeLessThan(100)
}, 240_000)

/** From the call of the API to when the last request was sent that the bad release answered. */
async function timeToGoBack({ workspace, url }: Shop, bad: string): Promise<number> {
  let lastMs = 0
  let others = 0
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const client = async () => {
    while (others < SURE) {
      const sentMs = performance.now()
      if ((await versionAt(url, agent)) === bad) [lastMs, others] = [Math.max(lastMs, sentMs), 0]
      else others += 1
      await sleep(EACH_MS)
    }
  }
  const clients = Promise.all(Array.from({ length: CLIENTS }, client))
  await until(
    async () => lastMs,
    (ms) => ms > 0,
  )
  const api = apiClient({ socketPath: join(workspace.stateDirectory, 'api.sock') })
  const askedMs = performance.now()
  await api.call('POST', '/v1/services/demo/rollback', { ifBusy: 'refuse' })
  await clients
  agent.destroy()
  return lastMs - askedMs
}

async function versionAt(url: string, agent: Agent): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const asked = get(url, { agent }, (answer) => {
    answer.resume().on('end', () => {
      resolve(answer.headers['x-version'])
    })
  })
  asked.on('error', reject)
  return promise
}
