import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asOrdinaryUser } from '../../test/support/as-ordinary-user.ts'
import { head, loadText, problemIn, problemOf } from '../../test/support/load-text.ts'
import { findConfig, loadConfig } from './load.ts'

const folder = () => mkdtemp(join(tmpdir(), 'midflight-'))

describe('a file', () => {
  it('of two lines is enough', async () => {
    const spec = await loadText(head)
    expect(spec).toMatchObject({
      name: 'shop',
      run: 'node server.js',
      env: {},
      instances: 2,
      listen: { host: '0.0.0.0', port: 8080 },
      ready: { path: '/', intervalMs: 1_000, timeoutMs: 2_000, up: 2, down: 3, startupMs: 60_000 },
      stop: { drainMs: 30_000, signal: 'SIGTERM', killMs: 10_000 },
      rollout: {
        strategy: 'rolling',
        batch: 1,
        surge: 1,
        gate: { errors: 0.05, minRequests: 20 },
        bakeMs: 10_000,
      },
    })
    expect(spec.limits).toEqual({
      headBytes: 32_768,
      bodyBytes: 2 ** 30,
      headMs: 10_000,
      keepAliveMs: 75_000,
      idleMs: 60_000,
      connectMs: 2_000,
      answerMs: 60_000,
      holdMs: 10_000,
      holdRequests: 1_000,
      fields: 128,
      retries: 2_000,
    })
    expect(spec).not.toHaveProperty('build')
  })

  it('may say everything', async () => {
    const spec = await loadText(
      `# yaml-language-server: $schema=./node_modules/midflight/schema.json
service: shop
run: node server.js
build: npm ci
directory: .
instances: 3
listen: 127.0.0.1:9000
env: { LOG: info, DATABASE_URL: \${DATABASE_URL}, VERSION: 1.10, ON: true }
ready: { path: /readyz, interval: 500ms, timeout: 1s, up: 1, down: 1, startup: 1m30s }
stop: { drain: 5s, signal: SIGINT, kill: 0s }
limits: { head: 64KiB, body: 10MB, head-timeout: 1s, keep-alive: 1s, idle: 1s, connect: 1s, answer: 1s, hold: 0s, held: 0 }
rollout:
  strategy: blue-green
  warm: 2h
  errors: 0.5%
  min-requests: 100
  judge: { latency: p95, refusals: false, confidence: 99%, inconclusive: hold }
  bake: 10m
`,
      { DATABASE_URL: 'postgres://me:secret@db/shop' },
    )
    expect(spec.env).toEqual({
      LOG: 'info',
      DATABASE_URL: 'postgres://me:secret@db/shop',
      VERSION: '1.10',
      ON: 'true',
    })
    expect(spec.build).toBe('npm ci')
    expect(spec.listen).toEqual({ host: '127.0.0.1', port: 9000 })
    expect(spec.ready).toMatchObject({ path: '/readyz', intervalMs: 500, startupMs: 90_000 })
    expect(spec.stop).toEqual({ drainMs: 5_000, signal: 'SIGINT', killMs: 0 })
    expect(spec.limits.bodyBytes).toBe(10_000_000)
    expect(spec.rollout).toEqual({
      strategy: 'blue-green',
      warmMs: 7_200_000,
      gate: { errors: 0.005, minRequests: 100 },
      judge: {
        errors: true,
        refusals: false,
        memory: true,
        early: false,
        latency: 0.95,
        alpha: 0.01,
        inconclusive: 'hold',
      },
      bakeMs: 600_000,
    })
  })

  it('says whether crashes are compared, and refuses what is neither', async () => {
    const judged = async (crashes: string) =>
      (await loadText(`${head}rollout: { judge: { crashes: ${crashes} } }`)).rollout.judge
    expect(await judged('compared')).toMatchObject({ crashes: 'compared' })
    expect(await judged('any')).not.toHaveProperty('crashes')
    await expect(judged('some')).rejects.toMatchObject({
      message: expect.stringContaining('must be any or compared') as string,
    })
  })

  it('may give just the path for ready', async () => {
    const { ready } = await loadText(`${head}ready: /readyz`)
    expect(ready).toMatchObject({ path: '/readyz', intervalMs: 1_000 })
  })

  it('gives a canary its steps, each with its own hold or the common one', async () => {
    const { rollout } = await loadText(
      `${head}rollout: { strategy: canary, hold: 1m, steps: [0.01%, { share: 25%, hold: until-promoted }, 100%] }`,
    )
    expect(rollout).toMatchObject({
      steps: [
        { share: 1, hold: 60_000 },
        { share: 2_500, hold: 'until-promoted' },
      ],
    })
  })

  it('gives a canary without steps the usual ones', async () => {
    const { rollout } = await loadText(`${head}rollout: { strategy: canary }`)
    const shares = rollout.strategy === 'canary' && rollout.steps.map((step) => step.share)
    expect(shares).toEqual([100, 500, 2_500, 5_000])
  })

  it('may use anchors', async () => {
    const { env } = await loadText(`${head}env: { A: &a one, B: *a }`)
    expect(env).toEqual({ A: 'one', B: 'one' })
  })

  it('may begin with a byte order mark and end its lines the Windows way', async () => {
    expect(await loadText(`\ufeff${head.replaceAll('\n', '\r\n')}`)).toMatchObject({ name: 'shop' })
  })
})

describe('what is no file for Midflight', () => {
  it('is a missing one', async () => {
    const thrown = await problemOf(loadConfig(join(await folder(), 'midflight.yaml'), { env: {} }))
    expect(thrown).toMatchObject({ code: 'config-missing' })
    expect(thrown.hint).toContain('midflight init')
  })

  it('is a directory', async () => {
    expect(await problemOf(loadConfig(await folder(), { env: {} }))).toMatchObject({
      code: 'config-unreadable',
    })
  })

  it('is one that may not be read', async () => {
    const path = join(await folder(), 'midflight.yaml')
    await writeFile(path, head)
    await chmod(path, 0)
    const problem = await asOrdinaryUser(async () => problemOf(loadConfig(path, { env: {} })))
    expect(problem).toMatchObject({ code: 'config-unreadable' })
  })

  it.each([
    ['sesame', 'does not exist'],
    ['midflight.yaml', 'is not a directory'],
    ['sesame\0', 'cannot be read'],
    ['sesame'.repeat(1_000), 'cannot be read (ENAMETOOLONG)'],
  ])('names a directory of the release as it is written, when %j %s', async (HIDDEN, refusal) => {
    const thrown = await problemIn(`${head}directory: ./\${HIDDEN}`, { HIDDEN })
    expect(thrown.code).toBe('directory-missing')
    expect(thrown.message).toContain(`midflight.yaml:3:12: directory "./\${HIDDEN}" ${refusal}`)
    expect(JSON.stringify(thrown)).not.toContain('sesame')
  })
})

describe('finding the file', () => {
  it('takes midflight.yaml before midflight.yml', async () => {
    const here = await folder()
    await writeFile(join(here, 'midflight.yml'), head)
    expect(await findConfig(here)).toBe(join(here, 'midflight.yml'))
    await writeFile(join(here, 'midflight.yaml'), head)
    expect(await findConfig(here)).toBe(join(here, 'midflight.yaml'))
  })

  it('says how to make one', async () => {
    const here = await folder()
    await mkdir(join(here, 'src'))
    expect(await problemOf(findConfig(here))).toMatchObject({ code: 'config-missing' })
  })
})
