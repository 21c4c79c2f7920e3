import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GroupEvent } from '../../src/core/group.ts'
import type { RolloutSpec } from '../../src/core/rollout-spec.ts'
import type { ServiceSpec } from '../../src/core/service.ts'
import { Controller } from '../../src/engine/controller.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { removeSealed } from '../../src/lib/remove-sealed.ts'
import { aServiceIn } from '../support/a-release.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'
import { until } from '../support/until.ts'

const GOOD = `require('node:http').createServer((q, s) => s.end(process.env.MIDFLIGHT_RELEASE)).listen(process.env.PORT, '127.0.0.1')`
const BAD = 'process.exit(3)'

const gate = { errors: 0.05, minRequests: 20 }
const rolling = { strategy: 'rolling', batch: 1, surge: 1, gate, bakeMs: 0 } as const
const waiting: RolloutSpec = {
  strategy: 'canary',
  steps: [{ share: 5_000, hold: 'until-promoted' }],
  gate,
  bakeMs: 0,
}
const NAMES = ['accounts', 'orders', 'web']

describe('several services as one rollout', () => {
  let real: RealWorld
  let tools: Tools
  let controller: Controller
  let folder: string
  let ports: number[]

  beforeAll(async () => {
    real = await realWorld()
    folder = await mkdtemp(join(tmpdir(), 'midflight-group-'))
    ports = [await freePort(), await freePort(), await freePort()]
    await begins()
    for (const name of NAMES) await write(name, GOOD)
  }, 60_000)
  afterAll(async () => {
    await controller.stop()
    await real.dispose()
    await rm(folder, { recursive: true })
  }, 60_000)

  const begins = async () => {
    tools = real.tools()
    controller = new Controller(tools)
    await controller.start()
  }
  const write = async (service: string, app: string) => {
    await mkdir(join(folder, service), { recursive: true })
    await writeFile(join(folder, service, 'server.js'), app)
  }
  const spec = (name: string, rollout: RolloutSpec = rolling): ServiceSpec =>
    aServiceIn(join(folder, name), {
      name,
      rollout,
      listen: { host: '127.0.0.1', port: ports[NAMES.indexOf(name)] ?? 0 },
      ready: { path: '/', intervalMs: 50, timeoutMs: 1_000, up: 1, down: 2, startupMs: 10_000 },
    })
  const deploys = async (release: string, rollouts: Readonly<Record<string, RolloutSpec>> = {}) => {
    const members = NAMES.map((name) => ({ spec: spec(name, rollouts[name]), release }))
    return (await controller.deployGroup({ name: 'site', members, by: 'anna' }, 'refuse')).id
  }
  const ended = async (id: number) => {
    const state = async () => (await tools.groups.read(id))?.state
    return until(state, (each) => each?.phase === 'finished', 60_000)
  }
  const told = async (id: number) => {
    const events: string[] = []
    const forget = await controller.watchGroup(id, (event) => events.push(line(event)))
    forget()
    return events
  }
  const answers = async () => {
    const all = ports.map(async (port) =>
      (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text(),
    )
    return Promise.all(all)
  }
  const everybodyGets = async (release: string) =>
    expect(await answers()).toEqual([release, release, release])
  const running = async () =>
    (await tools.runtime.list()).map((each) => `${each.service} ${each.release}`).toSorted()
  const onlyRuns = async (release: string) => {
    const wanted = NAMES.map((name) => `${name} ${release}`).join()
    await until(running, (all) => all.join() === wanted)
  }
  const asksItsGate = async (service: string, release: string) =>
    until(
      async () => (await tools.rollouts.list(service, { limit: 1 }))[0],
      (rollout) =>
        rollout?.plan.to === release &&
        'step' in rollout.state &&
        rollout.plan.steps[rollout.state.step]?.kind === 'ask-gate',
    )

  it('leaves a first release where it is, because there is nothing to go back to', async () => {
    await write('web', BAD)
    const id = await deploys('bad')
    expect(await ended(id)).toMatchObject({ outcome: 'undone' })
    expect((await told(id)).slice(-4)).toEqual([
      'turned web',
      'returned orders',
      'returned accounts',
      'finished',
    ])
    expect(await running()).toEqual(['accounts bad', 'orders bad'])
  }, 60_000)

  it('reaches all of them, one after the other, and ends what was kept for the way back', async () => {
    await write('web', GOOD)
    const id = await deploys('v1')
    expect(await ended(id)).toEqual({ phase: 'finished', outcome: 'promoted' })
    await everybodyGets('v1')
    expect(await told(id)).toEqual([
      'planned',
      'begun accounts',
      'promoted accounts',
      'begun orders',
      'promoted orders',
      'begun web',
      'promoted web',
      'finished',
    ])
    await onlyRuns('v1')
    expect(await tools.groups.read(id)).toMatchObject({ by: 'anna' })
    expect(await controller.history('web', 1)).toMatchObject([{ by: 'anna (group site)' }])
  }, 60_000)

  it('changes nothing when the release of one cannot be made', async () => {
    const members = NAMES.map((name) => ({ spec: spec(name), release: 'unmade' }))
    const last = { spec: { ...spec('web'), build: 'exit 1' }, release: 'unmade' }
    const request = { name: 'site', members: [...members.slice(0, 2), last] }
    await expect(controller.deployGroup(request, 'refuse')).rejects.toMatchObject({
      code: 'build-failed',
    })
    expect((await tools.releases.list('accounts')).map(({ id }) => id)).toEqual(['bad', 'v1'])
    expect(await tools.groups.unfinished()).toEqual([])
    await onlyRuns('v1')
  }, 60_000)

  it('takes all back in reverse when the last one is bad', async () => {
    await write('web', BAD)
    const id = await deploys('v2')
    expect(await ended(id)).toMatchObject({
      outcome: 'undone',
      because: {
        code: 'instance-ended',
        message: expect.stringMatching(/^web: web\.v2\.0 ended by itself/) as string,
      },
    })
    await everybodyGets('v1')
    expect((await told(id)).slice(5)).toEqual([
      'begun web',
      'turned web',
      'return-begun orders',
      'returned orders',
      'return-begun accounts',
      'returned accounts',
      'finished',
    ])
    await onlyRuns('v1')
  }, 60_000)

  it('keeps the old releases running and lets nobody else deploy a member until the last is promoted', async () => {
    await write('web', GOOD)
    const id = await deploys('v3', { web: waiting })
    await asksItsGate('web', 'v3')
    expect(await running()).toEqual(
      expect.arrayContaining(['accounts v1', 'accounts v3', 'orders v1', 'orders v3']),
    )
    await expect(controller.deploy({ spec: spec('accounts') }, 'refuse')).rejects.toMatchObject({
      code: 'group-running',
      message: `accounts is rolled out with the group site (${id}), which has not ended`,
    })
    await expect(controller.rollback('orders', 'refuse')).rejects.toMatchObject({
      code: 'group-running',
    })
    await controller.abortGroup(id, 'wrong day')
    expect(await ended(id)).toMatchObject({
      outcome: 'undone',
      because: { code: 'rollout-aborted' },
    })
    await everybodyGets('v1')
    await expect(controller.abortGroup(id, 'again')).rejects.toMatchObject({ code: 'no-rollout' })
    await expect(controller.abortGroup(99, 'x')).rejects.toMatchObject({ code: 'group-unknown' })
  }, 60_000)

  it('is gone on with by the next controller, forwards', async () => {
    const id = await deploys('v4', { orders: waiting })
    await asksItsGate('orders', 'v4')
    await controller.stop()
    await begins()
    await asksItsGate('orders', 'v4')
    controller.promote('orders')
    expect(await ended(id)).toMatchObject({ outcome: 'promoted' })
    await everybodyGets('v4')
  }, 60_000)

  it('and backwards', async () => {
    const id = await deploys('v5', { orders: waiting })
    await asksItsGate('orders', 'v5')
    await controller.abortGroup(id, 'to see')
    await controller.stop()
    await begins()
    // Heard and written, or stopped before it was written: then it is said once more.
    await controller.abortGroup(id, 'to see').catch(() => undefined)
    expect(await ended(id)).toMatchObject({ outcome: 'undone' })
    await everybodyGets('v4')
  }, 60_000)

  it('is stuck when a member cannot go back, and names the commands for what is left', async () => {
    const id = await deploys('v6', { web: waiting })
    await asksItsGate('web', 'v6')
    await removeSealed((await tools.releases.read('orders', 'v4'))?.directory ?? '')
    const old = (await tools.runtime.list('orders')).find((each) => each.release === 'v4')
    if (old?.state.kind !== 'running') throw new Error('the old release does not run')
    process.kill(old.state.pid, 'SIGKILL')
    await controller.abortGroup(id, 'to see')
    expect(await ended(id)).toMatchObject({
      outcome: 'stuck',
      because: {
        code: 'group-undo-failed',
        message: expect.stringMatching(
          /^orders could not be taken back: .* to be undone because /,
        ) as string,
        hint: expect.stringContaining(
          'in this order: midflight rollback v4 --service orders; midflight rollback v4 --service accounts',
        ) as string,
        data: { services: ['orders', 'accounts'] },
      },
    })
    expect(await answers()).toEqual(['v6', 'v6', 'v4'])
  }, 120_000)
})

function line(event: GroupEvent): string {
  return event.event === 'member' ? `${event.mark} ${event.service}` : event.event
}
