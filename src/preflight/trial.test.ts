import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ALL_OFF, GOOD_APP, planTo, triedRelease } from '../../test/support/tried-release.ts'
import { until } from '../../test/support/until.ts'
import { preflight } from './preflight.ts'
import { throwAway } from './throw-away.ts'
import { runTrial } from './trial.ts'

const LEVELS = { health: 'warn', sigterm: 'warn' } as const

/** What an app answers, as the body of its request handler, and what it does besides. */
function app(handler: string, rest = "process.on('SIGTERM', () => server.close())"): string {
  return `const server = require('node:http').createServer((request, response) => { ${handler} })
    server.listen(process.env.PORT, '127.0.0.1')
    ${rest}`
}

const OK = "response.statusCode = request.url === '/readyz' ? 200 : 404; response.end()"

async function found(source: string, killMs = 3_000): Promise<readonly string[]> {
  const stop = { drainMs: 0, signal: 'SIGTERM', killMs } as const
  const tried = await triedRelease(source, { stop })
  const doubts = await tried.doubts(LEVELS)
  expect(await tried.left()).toEqual([])
  return doubts.map(({ check, what }) => `${check}: ${what}`)
}

describe('an instance on trial', () => {
  it('of a good app raises no doubt, and nothing of it is left', async () => {
    expect(await found(GOOD_APP)).toEqual([])
  })

  it('that answers 200 for everything has a check that cannot fail', async () => {
    expect(await found(app('response.end()'))).toEqual([
      'health: GET /readyz cannot fail: a path that does not exist is answered 200 too',
    ])
  })

  it('that has no such path is not ready', async () => {
    const source = app('response.statusCode = 404; response.end()')
    const tried = await triedRelease(source, {
      ready: { path: '/readyz', intervalMs: 50, timeoutMs: 500, up: 1, down: 2, startupMs: 2_500 },
    })
    const [doubt] = await tried.doubts(LEVELS)
    expect(doubt?.what).toMatch(/did not get ready: it answered 404 on GET \/readyz/)
    expect(doubt?.hint).toMatch(/Name a path that the app has/)
    expect(await tried.left()).toEqual([])
  })

  it('that ends by itself is told with how it ended', async () => {
    expect(await found('process.exit(3)')).toEqual([
      'health: an instance on trial did not get ready: it ended by itself (exit code 3)',
    ])
  })

  it('that does not know SIGTERM leaves its request without an answer', async () => {
    expect(await found(app(OK, ''))).toEqual([
      expect.stringMatching(/^sigterm: an instance on trial left a request without an answer/),
    ])
  })

  it('that exits at once on SIGTERM leaves its request without an answer too', async () => {
    expect(await found(app(OK, "process.on('SIGTERM', () => process.exit(0))"))).toEqual([
      expect.stringMatching(/^sigterm: an instance on trial left a request without an answer/),
    ])
  })

  it('that goes on in spite of SIGTERM is killed, and that is told', async () => {
    expect(await found(app(OK, "process.on('SIGTERM', () => {})"), 600)).toEqual([
      'sigterm: an instance on trial still ran 0.6 s after SIGTERM and was killed',
    ])
  })

  it('is none of a worker: it would take jobs from others', async () => {
    const tried = await triedRelease(
      "require('node:fs').writeFileSync('began', '')\nsetInterval(() => {}, 1000)",
    )
    const { listen: _, ...worker } = tried.release.spec
    const release = { ...tried.release, spec: { ...worker, preflight: { ...ALL_OFF, ...LEVELS } } }
    const { doubts } = await preflight(tried.tools).look({ release, plan: planTo(1) })
    expect(doubts).toEqual([])
    expect(existsSync(join(release.directory, 'began'))).toBe(false)
  })

  it('ends when whoever asked for it gives up', async () => {
    const tried = await triedRelease(app('response.statusCode = 503; response.end()'))
    const over = new AbortController()
    const asking = runTrial(tried.release, tried.tools, { signal: over.signal })
    await until(
      () => tried.tools.runtime.list(),
      ({ length }) => length === 1,
    )
    over.abort(new Error('enough'))
    await expect(asking).rejects.toThrow('enough')
    expect(await tried.left()).toEqual([])
  })

  it('that an earlier controller left is ended by the next one', async () => {
    const tried = await triedRelease(GOOD_APP)
    await tried.tools.runtime.start(throwAway(tried.release), 0)
    expect(await tried.left()).toEqual(['~shop.v2.0', '~shop'])
    await preflight(tried.tools).sweep()
    expect(await tried.left()).toEqual([])
  })
})
