import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { aReleaseIn } from '../../test/support/a-release.ts'
import { type AnsweringServer, answeringServer } from '../../test/support/answering-server.ts'
import { fakeClock } from '../../test/support/fake-clock.ts'
import { until } from '../../test/support/until.ts'
import type { Notice } from '../core/notifier.ts'
import type { NotifySpec, Occasion } from '../core/notify-spec.ts'
import type { Plan } from '../core/plan.ts'
import type { Outcome } from '../core/rollout.ts'
import { slackNotifier } from '../drivers/notifiers/slack/slack-notifier.ts'
import { webhookNotifier } from '../drivers/notifiers/webhook/webhook-notifier.ts'
import { openStore } from '../store/store.ts'
import { Notifying } from './notifying.ts'

const SECRET = 'T0PS3CRET'
const plan: Plan = { service: 'shop', strategy: 'rolling', to: 'v1', steps: [] }
const baseline = { counts: {}, held: 0, refused: 0 }
const because = { code: 'release-worse', message: 'v1 is worse', hint: 'Mend it.', data: {} }

/** A store with one release that says who wants to know. */
async function given(...notify: NotifySpec[]) {
  const clock = fakeClock()
  const store = openStore(mkdtempSync(join(tmpdir(), 'midflight-notify-')), clock)
  const release = aReleaseIn('/app', { service: 'shop', run: 'node server.js' })
  const spec = { ...release.spec, notify }
  await store.releases.add({ ...release, spec })
  const logged: string[] = []
  const tools = {
    ...store,
    clock,
    notifiers: { webhook: webhookNotifier(clock), slack: slackNotifier },
    log: (...all: unknown[]) => logged.push(JSON.stringify(all)),
  }
  const { id } = await store.rollouts.open(plan, 'deploy', baseline, 'anna')
  return {
    tools,
    id,
    clock,
    logged,
    close: async (outcome: Outcome) => {
      const ending = { outcome, ...(outcome !== 'promoted' && { because }) }
      await store.rollouts.close(id, ending, { spec, live: 'v1' })
    },
  }
}

/** As a controller does from its start to its end. */
function running(tools: ConstructorParameters<typeof Notifying>[0]) {
  const notifying = new Notifying(tools)
  const over = new AbortController()
  const kept = notifying.keep(over.signal)
  const end = async () => {
    over.abort()
    await kept
  }
  onTestFinished(end)
  return { hear: (id: number) => notifying.hear(id), end }
}

const to = ({ url }: AnsweringServer, on: readonly Occasion[]): NotifySpec => ({
  by: 'webhook',
  url: `${url}/${SECRET}`,
  on,
})
const gotBy = ({ asked }: AnsweringServer) =>
  asked.map(({ body }) => JSON.parse(body) as Notice).map(({ occasion }) => occasion)

it('tells each recipient what it wants to know, once', async () => {
  const all = await answeringServer((answer) => answer.end())
  const bad = await answeringServer((answer) => answer.end())
  const { tools, id, close } = await given(
    to(all, ['begun', 'paused', 'undone']),
    to(bad, ['undone', 'stuck']),
  )
  const { hear } = running(tools)
  hear(id)
  await until(
    async () => gotBy(all),
    (got) => got.length === 1,
  )
  await tools.journal.append(id, { mark: 'paused', step: 0, reason: 'lunch' })
  hear(id)
  hear(id)
  await close('undone')
  hear(id)
  await until(
    async () => gotBy(all),
    (got) => got.length === 3,
  )
  await until(
    async () => gotBy(bad),
    (got) => got.length > 0,
  )
  expect(gotBy(all).toSorted()).toEqual(['begun', 'paused', 'undone'])
  expect(gotBy(bad)).toEqual(['undone'])
  const told = JSON.parse(bad.asked[0]?.body ?? '') as Notice
  expect(told).toMatchObject({
    id: `shop-${id}-undone`,
    by: 'anna',
    because: { code: 'release-worse', message: 'v1 is worse' },
  })
  expect(told.text).toMatch(
    /^shop: rollout 1 to v1 was taken back: nothing is released after .* s\. v1 is worse\. Mend it\.$/,
  )
})

it('tries again after pauses that grow, until it is taken', async () => {
  const at: number[] = []
  const server = await answeringServer((answer) => {
    at.push(clock.now())
    answer.writeHead(at.length < 5 ? 503 : 200).end()
  })
  const { tools, id, clock, logged } = await given(to(server, ['begun']))
  running(tools).hear(id)
  await until(
    async () => at.length,
    (tries) => tries === 5,
  )
  const pauses = at.slice(1).map((each, index) => each - (at[index] ?? 0))
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000])
  expect(new Set(server.asked.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(logged.join()).toContain('answered 503')
  expect(logged.join()).not.toContain(SECRET)
})

it('gives up after a day, and says so', async () => {
  const server = await answeringServer((answer) => answer.writeHead(410).end())
  const { tools, id, logged } = await given(to(server, ['begun']))
  running(tools).hear(id)
  await until(
    async () => logged.join(),
    (text) => text.includes('a notice is given up'),
  )
  expect(await tools.outbox.nextDueMs()).toBeUndefined()
  // Twelve pauses of up to an hour, and one an hour from there.
  expect(server.asked.length).toBeGreaterThan(25)
  expect(server.asked.length).toBeLessThan(45)
})

it('tells what an earlier controller died before telling, and nothing twice', async () => {
  const server = await answeringServer((answer) => answer.end())
  const { tools, close } = await given(to(server, ['begun', 'promoted']))
  await close('promoted')
  const second = running(tools)
  await until(
    async () => gotBy(server),
    (got) => got.length === 2,
  )
  await second.end()
  const third = running(tools)
  third.hear(1)
  await until(
    async () => tools.outbox.nextDueMs(),
    (next) => next === undefined,
  )
  await third.end()
  expect(gotBy(server)).toEqual(['begun', 'promoted'])
})

it('sends again what was on its way when the controller ended', async () => {
  let isBusy = true
  const server = await answeringServer((answer) => {
    if (!isBusy) answer.end()
  })
  const { tools, id } = await given(to(server, ['begun']))
  const first = running(tools)
  first.hear(id)
  await until(
    async () => server.asked.length,
    (asked) => asked === 1,
  )
  await first.end()
  isBusy = false
  running(tools)
  await until(
    async () => tools.outbox.nextDueMs(),
    (next) => next === undefined,
  )
  expect(gotBy(server)).toEqual(['begun', 'begun'])
})
