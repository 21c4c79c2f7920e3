import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Rollout } from '../../src/core/rollout.ts'
import { demoMix } from '../../src/prove/demo-mix.ts'
import { judge } from '../../src/prove/judge.ts'
import { startLoad } from '../../src/prove/load.ts'
import { readLedger } from '../../src/prove/read-ledger.ts'
import { serviceMix } from '../../src/prove/service-mix.ts'
import { anExample, type Example } from '../support/example.ts'
import { missing as missingPostgres, startPostgres } from '../support/postgres.ts'
import { missing as missingPython } from '../support/python.ts'
import { missing as missingRedis, startRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

const promoted = (rollout: Rollout) =>
  rollout.state.phase === 'finished'
    ? (rollout.state.because ?? rollout.state.outcome)
    : rollout.state.phase

async function given(name: string, files: readonly string[]): Promise<Example> {
  const example = await anExample(name, files)
  ends.push(async () => expect(await example.end()).toEqual([]))
  return example
}

describe('the examples, from one version to the next under load', () => {
  it('01: a node service that dies at once on SIGTERM', async () => {
    const example = await given('01-node-service', ['midflight.yaml'])
    const ledger = join(example.folder, 'ledger.log')
    await appendFile(join(example.folder, 'midflight.yaml'), `env: { LEDGER: ${ledger} }\n`)
    await writeFile(ledger, '')
    expect(promoted(await example.run('up', '--detach'))).toBe('promoted')

    const load = startLoad(example.address, {
      mix: demoMix({ perSecond: 100, run: 'x' }),
      appMarks: 'always',
    })
    await writeFile(join(example.folder, 'version.txt'), '2\n')
    expect(promoted(await example.run('deploy'))).toBe('promoted')
    const report = judge(await load.stop(), await readLedger(ledger))
    expect(report).toMatchObject({ proven: true, bad: {}, failures: [] })
    expect(Object.keys(report.versions)).toEqual(['1', '2'])
  })

  const missing = missingPostgres() ?? missingRedis() ?? missingPython()
  it.skipIf(missing)(
    `02: a python service on PostgreSQL and Redis${missing ? ` (${missing})` : ''}`,
    async () => {
      const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
      ends.push(
        async () => postgres.stop(),
        async () => redis.stop(),
      )
      const example = await given('02-python-service', ['midflight.yaml'])
      await writeFile(
        join(example.folder, '.env'),
        `DATABASE_URL=${postgres.url}\nREDIS_URL=${redis.url}\n`,
      )
      expect(promoted(await example.run('up', '--detach'))).toBe('promoted')

      const mix = serviceMix({ paths: ['/', '/health'], perSecond: 60, post: '/orders' })
      const load = startLoad(example.address, { mix })
      await writeFile(join(example.folder, 'version.txt'), '2\n')
      expect(promoted(await example.run('deploy'))).toBe('promoted')
      const report = judge(await load.stop())
      expect(report).toMatchObject({ proven: true, bad: {}, failures: [] })
      const { port, host } = example.address
      const answer = (await (await fetch(`http://${host}:${port}/`)).json()) as { orders: number }
      expect(answer.orders).toBe(report.requestsByKind.post)
    },
  )

  it('03: a published server nobody here wrote, and back again', async () => {
    const example = await given('03-published-server', [
      'v-old/midflight.yaml',
      'v-new/midflight.yaml',
    ])
    expect(promoted(await example.run('up', 'v-old', '--detach'))).toBe('promoted')

    const load = startLoad(example.address, { mix: serviceMix({ paths: ['/'], perSecond: 100 }) })
    expect(promoted(await example.run('deploy', 'v-new'))).toBe('promoted')
    const back = await example.run('rollback')
    expect([promoted(back), back.plan.to]).toEqual(['promoted', 'v1'])
    expect(judge(await load.stop())).toMatchObject({ proven: true, bad: {}, failures: [] })
  })

  it('04: a queue worker that nobody sends requests, and each job is done once', async () => {
    const example = await given('04-queue-worker', [])
    // Not in the folder that is released: it changes all the time.
    const queue = join(example.folder, '..', 'queue')
    await writeFile(join(example.folder, '.env'), `QUEUE=${queue}\n`)
    await mkdir(join(queue, 'todo'), { recursive: true })
    await appendFile(join(example.folder, 'midflight.yaml'), 'rollout: { bake: 2s }\n')
    expect(promoted(await example.run('up', '--detach'))).toBe('promoted')

    const jobs = Array.from({ length: 400 }, (_, index) => `letter-${index}`)
    await Promise.all(jobs.map(async (job) => writeFile(join(queue, 'todo', job), '')))
    await writeFile(join(example.folder, 'version.txt'), '2\n')
    expect(promoted(await example.run('deploy'))).toBe('promoted')
    const done = await until(
      async () => (await readFile(join(queue, 'done.log'), 'utf8')).trim().split('\n'),
      (lines) => lines.length >= jobs.length,
    )
    expect(new Set(done.map((line) => line.split(' ')[0]))).toEqual(new Set(jobs))
    expect(done).toHaveLength(jobs.length)
    expect(new Set(done.map((line) => line.split(' ')[1]))).toEqual(new Set(['1', '2']))

    await writeFile(join(example.folder, 'version.txt'), 'broken\n')
    expect(promoted(await example.run('deploy'))).toMatchObject({ code: 'instance-ended' })
  }, 120_000)
})
