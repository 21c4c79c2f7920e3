import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { aReleaseIn } from '../../../test/support/a-release.ts'
import { type AnsweringServer, answeringServer } from '../../../test/support/answering-server.ts'
import { fakeClock } from '../../../test/support/fake-clock.ts'
import { mailServer, refusal } from '../../../test/support/mail-server.ts'
import { until } from '../../../test/support/until.ts'
import type { Clock } from '../../core/clock.ts'
import type { Notice, Notifier } from '../../core/notifier.ts'
import type { NotifySpec, Occasion } from '../../core/notify-spec.ts'
import type { Plan } from '../../core/plan.ts'
import type { Outcome } from '../../core/rollout.ts'
import { emailNotifier } from '../../drivers/notifiers/email/email-notifier.ts'
import { slackNotifier } from '../../drivers/notifiers/slack/slack-notifier.ts'
import { webhookNotifier } from '../../drivers/notifiers/webhook/webhook-notifier.ts'
import { openStore } from '../../store/store.ts'
import { Notifying } from './notifying.ts'

const SECRET = 'T0PS3CRET'
const plan: Plan = { service: 'shop', strategy: 'rolling', to: 'v1', steps: [] }
const baseline = { counts: {}, held: 0, refused: 0 }
const because = { code: 'release-worse', message: 'v1 is worse', hint: 'Mend it.', data: {} }

/** Time that passes only while nothing is on its way, so that it does not run ahead of real servers. */
function clockBesides() {
  const clock = fakeClock()
  let onTheirWay = 0
  const counted = <Spec extends NotifySpec>(notifier: Notifier<Spec>): Notifier<Spec> => ({
    send: async (...all) => {
      onTheirWay += 1
      await notifier.send(...all).finally(() => (onTheirWay -= 1))
    },
  })
  const sleep: Clock['sleep'] = async (ms, options) => {
    if (onTheirWay > 0)
      await until(
        async () => onTheirWay === 0 || options?.signal?.aborted,
        (isOver) => isOver === true,
      )
    await clock.sleep(ms, options)
  }
  return { clock: { ...clock, sleep }, counted }
}

/** A store with one release that says who wants to know. */
async function given(...notify: NotifySpec[]) {
  const { clock, counted } = clockBesides()
  const directory = mkdtempSync(join(tmpdir(), 'midflight-notify-'))
  const store = openStore(directory, clock)
  const release = aReleaseIn('/app', { service: 'shop', run: 'node server.js' })
  const spec = { ...release.spec, notify }
  await store.releases.add({ ...release, spec })
  const logged: string[] = []
  const tools = {
    ...store,
    clock,
    notifiers: {
      webhook: counted(webhookNotifier({ now: () => 0 })),
      slack: counted(slackNotifier),
      email: counted(emailNotifier),
    },
    log: (...all: unknown[]) => logged.push(JSON.stringify(all)),
  }
  const { id } = await store.rollouts.open(plan, 'deploy', baseline, 'anna')
  return {
    tools,
    directory,
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
  return { hear: (id: number) => notifying.hear(id), kept, end }
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
  expect(await tools.outbox.waiting(1)).toEqual([])
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
  await until(
    async () => tools.outbox.waiting(1),
    (waiting) => waiting.length === 0,
  )
  await second.end()
  const third = running(tools)
  third.hear(1)
  await until(
    async () => tools.outbox.waiting(1),
    (waiting) => waiting.length === 0,
  )
  await third.end()
  expect(gotBy(server)).toEqual(['begun', 'promoted'])
})

it('lets a recipient that does not answer delay no other', async () => {
  const dead = await answeringServer(() => undefined)
  const quick = await answeringServer((answer) => answer.end())
  const { tools, id, close } = await given(to(dead, ['begun']), to(quick, ['begun', 'promoted']))
  const { hear } = running(tools)
  hear(id)
  await until(
    async () => dead.asked.length,
    (asked) => asked === 1,
  )
  await close('promoted')
  hear(id)
  await until(
    async () => gotBy(quick),
    (got) => got.length === 2,
    5_000,
  )
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
    async () => tools.outbox.waiting(1),
    (waiting) => waiting.length === 0,
  )
  expect(gotBy(server)).toEqual(['begun', 'begun'])
})

it('sends nothing more once another controller has taken over', async () => {
  const server = await answeringServer((answer) => answer.end())
  const { tools, directory, id, clock, close, logged } = await given(
    to(server, ['begun', 'promoted']),
  )
  const old = running(tools)
  old.hear(id)
  await until(
    async () => tools.outbox.waiting(1),
    (waiting) => waiting.length === 0 && server.asked.length === 1,
  )
  await close('promoted')
  const next = openStore(directory, clock)
  old.hear(id)
  await old.kept
  expect(logged.join()).toContain('another controller has taken over')
  expect(gotBy(server)).toEqual(['begun'])
  running({ ...tools, ...next })
  await until(
    async () => gotBy(server),
    (got) => got.length === 2,
  )
})

it('gives up a mail that is refused for good, and says so; the others get theirs, also later', async () => {
  let tries = 0
  const { port, mails } = await mailServer({
    onRcptTo: ({ address }, _session, done) => {
      if (address.startsWith('gone')) return done(refusal(550, 'nobody'))
      if (address.startsWith('full')) tries += 1
      done(address.startsWith('full') && tries < 3 ? refusal(452, 'full') : null)
    },
  })
  const { tools, id, logged } = await given({
    by: 'email',
    to: ['gone@shop.example', 'full@shop.example', 'ops@shop.example'],
    from: 'midflight@shop.example',
    server: `smtp://127.0.0.1:${port}`,
    on: ['begun'],
  })
  running(tools).hear(id)
  await until(
    async () => mails.length,
    (got) => got === 2,
  )
  await until(
    async () => tools.outbox.waiting(1),
    (waiting) => waiting.length === 0,
  )
  expect(mails.map(({ to }) => to)).toEqual([['ops@shop.example'], ['full@shop.example']])
  expect(tries).toBe(3)
  const told = logged.filter((line) => line.includes('a notice is given up'))
  expect(told).toHaveLength(1)
  expect(told[0]).toContain('answered 550')
})
