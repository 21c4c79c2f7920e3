import { createServer } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { anApp, AT_ONCE, controlledForAll } from '../support/controlled.ts'
import { until } from '../support/until.ts'

const BAKING = { ...AT_ONCE, bakeMs: 600_000 }
const BOTH_SETS = {
  strategy: 'blue-green',
  gate: AT_ONCE.gate,
  bakeMs: 600_000,
  warmMs: 0,
} as const

/** The controller runs in this process: on a busy machine its ticks come later, as all that the controller does. */
const TICK_MS = 50
const TICKS_OF_A_SECOND = 1_000 / TICK_MS

describe('the very first release', () => {
  const shop = controlledForAll()

  it('that cannot start is undone, though there is nothing to go back to', async () => {
    const rollout = await shop().deploy({ app: 'process.exit(3)' })
    expect(await shop().ended(rollout)).toMatchObject({
      outcome: 'undone',
      because: { code: 'instance-ended' },
    })
    expect(await shop().running()).toEqual([])
    expect((await shop().controller.status('shop')).live).toBeUndefined()
  })

  it('whose build fails never comes to a rollout', async () => {
    await expect(shop().deploy({ build: 'echo no compiler; exit 2' })).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('no compiler') as string,
    })
    expect(await shop().running()).toEqual([])
  })

  it('is followed by a good one as if nothing had been', async () => {
    const { plan } = await shop().promoted()
    expect(await shop().answer()).toBe(plan.to)
  })
}, 120_000)

describe('a release that turns bad after it got ready', () => {
  const shop = controlledForAll()
  const ends: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })

  /** A user whose next request follows each answer; who answered and when, in ticks. */
  function askingAllTheTime() {
    const answers: { readonly at: number; readonly by: string }[] = []
    let ticks = 0
    const ticking = setInterval(() => (ticks += 1), TICK_MS)
    const over = new AbortController()
    const asking = (async () => {
      while (!over.signal.aborted) {
        const by = await shop().answer()
        answers.push({ at: ticks, by })
      }
    })()
    const end = async () => {
      over.abort()
      await asking
      clearInterval(ticking)
      return answers
    }
    ends.push(end)
    return { now: () => ticks, answers: async () => answers, end }
  }

  it('given one that is live', async () => {
    expect((await shop().promoted({ instances: 2 })).plan.to).toBe('v1')
  })

  it('crashes while it bakes: the traffic is back on the warm old one at once', async () => {
    const rollout = await shop().deploy({ instances: 2, rollout: BOTH_SETS })
    const { to } = rollout.plan
    await shop().gets(to)
    const before = await shop().pidOf('shop.v1.0')
    const crashing = await shop().pidOf(`shop.${to}.0`)
    const user = askingAllTheTime()
    await until(user.answers, (answers) => answers.at(-1)?.by === to)
    process.kill(crashing, 'SIGKILL')
    const killedAt = user.now()
    expect(await shop().ended(rollout)).toMatchObject({
      outcome: 'undone',
      because: { code: 'instance-ended' },
    })
    await until(user.answers, (answers) => answers.at(-1)?.by === 'v1')
    const answers = await user.end()
    expect(new Set(answers.map(({ by }) => by))).toEqual(new Set([to, 'v1']))
    const last = answers.findLast(({ by }) => by === to)
    // The other instance of the new release lives: it answered until all was back. Mostly that takes two ticks.
    expect((last?.at ?? Infinity) - killedAt).toBeLessThanOrEqual(TICKS_OF_A_SECOND)
    expect(await shop().pidOf('shop.v1.0')).toBe(before)
    expect(await shop().answer()).toBe('v1')
  })

  it('closes its listener while its process lives', async () => {
    const sign = join(shop().real.stateDirectory, 'closed')
    const app = `const srv = require('node:http').createServer((q, s) => { s.setHeader('connection', 'close'); s.end('bad') }).listen(process.env.PORT, '127.0.0.1'); setInterval(() => require('node:fs').existsSync('${sign}') && srv.close(), 20)`
    const rollout = await shop().deploy({ app, rollout: BAKING })
    await shop().gets(rollout.plan.to)
    await writeFile(sign, '')
    expect(await shop().ended(rollout)).toMatchObject({
      outcome: 'undone',
      because: { code: 'instance-not-healthy' },
    })
    expect(await shop().answer()).toBe('v1')
  })

  it('breaks only under the whole load: the set that is still warm takes it back', async () => {
    const sign = join(shop().real.stateDirectory, 'exhausted')
    const broken = `require('node:fs').existsSync('${sign}') && q.url !== '/ready'`
    const app = anApp(`s.statusCode = ${broken} ? 500 : 200; s.end('bad')`)
    const { spec } = (await shop().tools.releases.list('shop'))[0] ?? {}
    if (!spec) throw new Error('there is no release')
    const ready = { ...spec.ready, path: '/ready' }
    const rollout = await shop().deploy({ app, ready, rollout: BOTH_SETS })
    await shop().gets(rollout.plan.to)
    await writeFile(sign, '')
    const back = await until(
      async () => shop().answer(),
      (answer) => answer === 'v1',
    )
    expect(back).toBe('v1')
    expect(await shop().ended(rollout)).toMatchObject({
      outcome: 'undone',
      because: { code: 'gate-failed' },
    })
  })

  it('answers every other check: it is never ready, and nobody meets it', async () => {
    const app = `let n = 0; ${anApp('s.statusCode = ++n % 2 ? 503 : 200; s.end()')}`
    const { spec } = (await shop().tools.releases.list('shop'))[0] ?? {}
    if (!spec) throw new Error('there is no release')
    const rollout = await shop().deploy({
      app,
      ready: { ...spec.ready, up: 2, startupMs: 2_000 },
    })
    expect(await shop().ended(rollout)).toMatchObject({
      outcome: 'undone',
      because: { code: 'instance-not-ready' },
    })
    expect(await shop().answer()).toBe('v1')
  })

  it('listens on ::1 alone: it is told where it was looked for', async () => {
    const app = anApp('s.end()').replace("'127.0.0.1'", "'::1'")
    const { spec } = (await shop().tools.releases.list('shop'))[0] ?? {}
    if (!spec) throw new Error('there is no release')
    const rollout = await shop().deploy({ app, ready: { ...spec.ready, startupMs: 2_000 } })
    expect(await shop().ended(rollout)).toMatchObject({
      outcome: 'undone',
      because: {
        code: 'instance-not-ready',
        message: expect.stringContaining('refused') as string,
      },
    })
  })

  it('listens on a port of its own that a stranger has: it is told by its output, and leaves nothing', async () => {
    const stranger = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => stranger.once('listening', resolve))
    ends.push(async () => new Promise((resolve) => stranger.close(resolve)))
    const { port } = stranger.address() as { port: number }
    const app = `require('node:http').createServer((q, s) => s.end()).listen(${port}, '127.0.0.1')`
    const rollout = await shop().deploy({ app })
    expect(await shop().ended(rollout)).toMatchObject({
      outcome: 'undone',
      because: {
        code: 'instance-ended',
        hint: expect.stringContaining('midflight logs') as string,
      },
    })
    expect(await shop().running()).toEqual(['shop.v1.0 running', 'shop.v1.1 running'])
  })
}, 120_000)
