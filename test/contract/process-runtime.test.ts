import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Instance } from '../../src/core/instance.ts'
import type { Release } from '../../src/core/release.ts'
import type { Runtime } from '../../src/core/runtime.ts'
import type { InstanceRecord } from '../../src/drivers/runtimes/process/instance-record.ts'
import { lastLines } from '../../src/drivers/runtimes/process/last-lines.ts'
import { PortClaims } from '../../src/drivers/runtimes/process/port-claims.ts'
import { processRuntime } from '../../src/drivers/runtimes/process/runtime.ts'
import { identify } from '../../src/lib/process-identity.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { aReleaseIn } from '../support/a-release.ts'
import { gently, hastily, testRuntime, type RuntimeUnderTest } from './runtime.ts'

interface Bench extends RuntimeUnderTest {
  readonly state: string
}

async function makeBench(): Promise<Bench> {
  const state = await mkdtemp(join(tmpdir(), 'midflight-'))
  const runtime = () => processRuntime({ stateDirectory: state, clock: systemClock })
  const services = new Set<string>()
  return {
    state,
    runtime,
    release: async (service, run) => {
      services.add(service)
      const directory = join(state, 'releases', service, 'v1')
      await mkdir(directory, { recursive: true })
      return aReleaseIn(directory, { service, run })
    },
    output: (instance) => lastLines(state, instance.id, 100),
    cleanUp: async () => {
      for (const service of services) {
        for (const { id } of await runtime().list(service)) await runtime().stop(id, hastily)
      }
      await rm(state, { recursive: true, maxRetries: 5 })
    },
  }
}

testRuntime('the process driver', makeBench)

describe('the process driver', () => {
  let bench: Bench
  let runtime: Runtime
  beforeEach(async () => {
    bench = await makeBench()
    runtime = bench.runtime()
  })
  afterEach(() => bench.cleanUp())

  const pidPrinted = (instance: Instance) =>
    vi.waitFor(async () => Number((await bench.output(instance))[0] ?? expect.fail('none yet')))
  const recordPath = (id: string) => join(bench.state, 'instances', `${id}.json`)
  const recordOf = async (id: string) =>
    JSON.parse(await readFile(recordPath(id), 'utf8')) as InstanceRecord

  it('leaves no process of a stopped instance, not even one that left its group', async () => {
    const run = `setsid sh -c 'trap "" TERM; echo $$; sleep 1000 & wait' & sleep 1000 & wait`
    const instance = await runtime.start(await bench.release('shop', run), 0)
    const daemon = await pidPrinted(instance)
    expect(identify(daemon)).toBeDefined()
    await runtime.stop(instance.id, hastily)
    expect(identify(daemon)).toBeUndefined()
  })

  it('ends what an instance left behind before it is started anew', async () => {
    const release = await bench.release('shop', 'echo $PORT; sleep 1000 & echo $!; exit 1')
    const first = await runtime.start(release, 0)
    const leftover = await vi.waitFor(async () =>
      Number((await bench.output(first))[1] ?? expect.fail('none yet')),
    )
    await vi.waitFor(async () => expect((await runtime.list('shop'))[0]?.state.kind).toBe('ended'))
    expect(identify(leftover)).toBeDefined()
    await runtime.start(release, 0)
    expect(identify(leftover)).toBeUndefined()
  })

  it('gives the instance its place and nothing of the controller’s own', async () => {
    process.env['MIDFLIGHT_TEST_TOKEN'] = 'secret'
    const release = await bench.release('shop', 'env; pwd; sleep 1000')
    const instance = await runtime.start(release, 2)
    delete process.env['MIDFLIGHT_TEST_TOKEN']
    await vi.waitFor(async () =>
      expect(await bench.output(instance)).toEqual(
        expect.arrayContaining([
          `PORT=${'port' in instance.address && instance.address.port}`,
          'HOST=127.0.0.1',
          'MIDFLIGHT_SERVICE=shop',
          'MIDFLIGHT_RELEASE=v1',
          'MIDFLIGHT_INSTANCE=2',
          `MIDFLIGHT_INSTANCE_ID=${instance.id}`,
          'GREETING=hello',
          release.directory,
        ]),
      ),
    )
    expect((await bench.output(instance)).join('\n')).not.toContain('secret')
  })

  it.runIf(process.platform === 'linux')(
    'gives the port of an instance to nobody else, also when it has ended, until it is stopped',
    async () => {
      const { id, address } = await runtime.start(await bench.release('shop', 'exit 1'), 0)
      if (!('port' in address)) expect.fail('it has no port')
      await vi.waitFor(async () =>
        expect((await runtime.list('shop'))[0]?.state.kind).toBe('ended'),
      )
      const others = new PortClaims()
      expect(await others.claim(address.port)).toBe(false)
      await runtime.stop(id, hastily)
      expect(await others.claim(address.port)).toBe(true)
    },
  )

  it('does not mistake a later process with the same pid for the instance', async () => {
    const instance = await runtime.start(await bench.release('shop', 'sleep 1000'), 0)
    const record = await recordOf(instance.id)
    await runtime.stop(instance.id, gently)
    const other = spawn('sleep', ['1000'], { detached: true })
    const later = {
      ...record,
      state: { ...record.state, process: { pid: other.pid, started: '1' } },
    }
    await writeFile(recordPath(instance.id), JSON.stringify(later))
    expect((await runtime.list('shop'))[0]?.state).toEqual({ kind: 'ended' })
    await runtime.stop(instance.id, gently)
    expect(other.exitCode ?? other.signalCode).toBeNull()
    other.kill()
    await once(other, 'exit')
  })

  it('does not take a process from before the machine was started again for the instance', async () => {
    const instance = await runtime.start(await bench.release('shop', 'sleep 1000'), 0)
    const record = await recordOf(instance.id)
    if (record.state.kind !== 'started') expect.fail(record.state.kind)
    const process = { ...record.state.process, boot: 'an earlier one' }
    const earlier = { ...record, state: { ...record.state, process } }
    await writeFile(recordPath(instance.id), JSON.stringify(earlier))
    expect((await bench.runtime().list('shop'))[0]?.state.kind).toBe('ended')
  })

  it('keeps an instance running when the controller is killed', async () => {
    const release = await bench.release('shop', 'sleep 1000')
    const modules = new URL('../../src/', import.meta.url)
    const controller = spawn(process.execPath, ['--input-type=module', '-e', CONTROLLER], {
      env: {
        ...process.env,
        RUNTIME: new URL('drivers/runtimes/process/runtime.ts', modules).href,
        CLOCK: new URL('lib/system-clock.ts', modules).href,
        STATE: bench.state,
        RELEASE: JSON.stringify(release),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(controller.stdout, 'data')
    controller.kill('SIGKILL')
    await once(controller, 'exit')
    expect(await runtime.list('shop')).toEqual([JSON.parse(String(line))])
  })

  describe('after the controller was killed in the middle of a start', () => {
    const interrupted = async (release: Release, run: string) => {
      const token = crypto.randomUUID()
      const record: InstanceRecord = {
        id: 'shop.v1.0',
        service: 'shop',
        release: release.id,
        slot: 0,
        port: 20_000,
        token,
        startedAtMs: 0,
        state: { kind: 'starting' },
      }
      await mkdir(join(bench.state, 'instances'))
      await writeFile(recordPath(record.id), JSON.stringify(record))
      const env = { ...process.env, MIDFLIGHT_START_TOKEN: token }
      return spawn('sh', ['-c', run], { detached: true, env })
    }

    it('finds the process that was made but never written down', async () => {
      const release = await bench.release('shop', 'sleep 1000')
      const child = await interrupted(release, 'exec sleep 1000')
      await vi.waitFor(async () =>
        expect((await bench.runtime().start(release, 0)).state).toEqual({
          kind: 'running',
          pid: child.pid,
        }),
      )
      await runtime.stop('shop.v1.0', gently)
      await vi.waitFor(() => expect(child.signalCode).toBe('SIGTERM'))
    })

    it('starts anew where the process was not made', async () => {
      const release = await bench.release('shop', 'sleep 1000')
      const child = await interrupted(release, 'exit 0')
      await once(child, 'exit')
      expect((await runtime.list('shop'))[0]?.state).toEqual({ kind: 'ended' })
      expect((await runtime.start(release, 0)).state.kind).toBe('running')
    })

    it('ends what a process started that has itself ended meanwhile', async () => {
      const release = await bench.release('shop', 'sleep 1000')
      const child = await interrupted(release, 'sleep 1000 & echo $!')
      const orphan = Number(String((await once(child.stdout, 'data'))[0]))
      await vi.waitFor(() => expect(child.exitCode).toBe(0))
      await runtime.stop('shop.v1.0', gently)
      expect(identify(orphan)).toBeUndefined()
    })
  })

  it('tells in a problem why an instance could not be started, and keeps no record of it', async () => {
    const release = await bench.release('shop', 'sleep 1000')
    await rm(release.directory, { recursive: true })
    const problem = { code: 'instance-not-started', data: { error: 'ENOENT' } }
    await expect(runtime.start(release, 0)).rejects.toMatchObject(problem)
    expect(await runtime.list('shop')).toEqual([])
    expect(await readdir(join(bench.state, 'instances'))).toEqual([])
  })

  it('keeps its records and logs from other users', async () => {
    const { id } = await runtime.start(await bench.release('shop', 'sleep 1000'), 0)
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
    expect(await mode(recordPath(id))).toBe('600')
    expect(await mode(join(bench.state, 'instances'))).toBe('700')
    expect(await mode(join(bench.state, 'logs', 'shop'))).toBe('700')
    expect(await mode(join(bench.state, 'logs', 'shop', 'v1.0.log'))).toBe('600')
  })
})

const CONTROLLER = `
  const { processRuntime } = await import(process.env.RUNTIME)
  const { systemClock } = await import(process.env.CLOCK)
  const runtime = processRuntime({ stateDirectory: process.env.STATE, clock: systemClock })
  console.log(JSON.stringify(await runtime.start(JSON.parse(process.env.RELEASE), 0)))
  setInterval(() => {}, 1000)
`
