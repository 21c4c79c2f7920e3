import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../core/plan.ts'
import type { Release } from '../core/release.ts'
import type { ServiceRecord } from '../core/store.ts'
import { systemClock } from '../lib/system-clock.ts'
import { lockState } from './lock.ts'
import { VERSIONS } from './schema.ts'
import { openStore } from './store.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'midflight-store-'))
const open = (directory: string) => openStore(directory, systemClock)
const plan: Plan = { service: 'shop', strategy: 'rolling', to: 'v1', steps: [] }
const baseline = { counts: {}, held: 0, refused: 0 }
const release = { service: 'shop', id: 'v2', madeAtMs: 0 } as unknown as Release
const record = { spec: { name: 'shop' }, live: 'v1' } as unknown as ServiceRecord

describe('the store', () => {
  it('finds again what was written, after it was closed', async () => {
    const directory = folder()
    const first = open(directory)
    const { id } = await first.rollouts.open(plan, 'deploy', baseline)
    await first.journal.append(id, { mark: 'begun', step: 0 })
    await first.journal.append(id, { mark: 'done', step: 0 })
    first.close()

    const second = open(directory)
    expect((await second.rollouts.read(id))?.state).toEqual({ phase: 'running', step: 1 })
    await second.rollouts.close(id, { outcome: 'promoted' }, record)
    expect((await second.services.read('shop'))?.live).toBe('v1')
    expect((await second.rollouts.list('shop'))[0]?.state).toEqual({
      phase: 'finished',
      outcome: 'promoted',
    })
    second.close()
  })

  it('brings a file of the first version to its own, and loses nothing', async () => {
    const directory = folder()
    const old = new DatabaseSync(join(directory, 'state.db'))
    old.exec(`${VERSIONS[0]} pragma user_version = 1; pragma journal_mode = wal`)
    old.exec(
      `insert into rollouts values (7, 'shop', 'deploy', '${JSON.stringify(plan)}', '${JSON.stringify(baseline)}', 1, 2, 'promoted', null, null)`,
    )
    old.close()
    const store = open(directory)
    expect(await store.rollouts.read(7)).toMatchObject({ id: 7, plan })
    await store.records.add(7, { kind: 'asked', verb: 'promote' })
    store.close()
    open(directory).close()
  })

  it('gives a service one rollout at a time', async () => {
    const store = open(folder())
    await store.rollouts.open(plan, 'deploy', baseline)
    await expect(store.rollouts.open(plan, 'deploy', baseline)).rejects.toMatchObject({
      code: 'rollout-running',
      message: 'rollout 1 of shop is still running; a service has one rollout at a time',
    })
    store.close()
  })

  it('refuses whatever a controller writes once it was overtaken', async () => {
    const directory = folder()
    const old = open(directory)
    const { id } = await old.rollouts.open(plan, 'deploy', baseline)
    const next = open(directory)
    const late = [
      old.rollouts.open({ ...plan, service: 'blog' }, 'deploy', baseline),
      old.rollouts.close(id, { outcome: 'promoted' }, record),
      old.records.add(id, { kind: 'asked', verb: 'promote' }),
      old.records.prune('shop'),
      old.services.write('shop', record),
      old.releases.add(release),
      old.releases.remove('shop', 'v1'),
    ]
    for (const each of late) await expect(each).rejects.toMatchObject({ code: 'lease-lost' })
    expect(await next.records.read(id)).toEqual([])
    expect(await next.rollouts.unfinished()).toEqual(['shop'])
    expect(await next.services.list()).toEqual([])
    expect(await next.releases.list('shop')).toEqual([])
    await next.records.add(id, { kind: 'asked', verb: 'promote' })
    old.close()
    next.close()
  })

  it('refuses the marks of a controller that was overtaken', async () => {
    const directory = folder()
    const old = open(directory)
    const { id } = await old.rollouts.open(plan, 'deploy', baseline)
    const next = open(directory)
    await expect(old.journal.append(id, { mark: 'begun', step: 0 })).rejects.toMatchObject({
      code: 'lease-lost',
    })
    await next.journal.append(id, { mark: 'begun', step: 0 })
    expect(await next.journal.read(id)).toHaveLength(1)
    old.close()
    next.close()
  })

  it.each([
    [
      'overwritten',
      (path: string) => {
        writeFileSync(path, 'not a database at all, but long enough to look')
      },
    ],
    [
      'cut short',
      (path: string) => {
        truncateSync(path, 6_000)
      },
    ],
    [
      'emptied',
      (path: string) => {
        truncateSync(path, 0)
      },
    ],
  ])('leaves a file that was %s as it is, and says so', async (_, damage) => {
    const directory = folder()
    open(directory).close()
    const path = join(directory, 'state.db')
    damage(path)
    const before = readFileSync(path)
    expect(() => open(directory)).toThrow(expect.objectContaining({ code: 'state-corrupt' }))
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('names the path when the state directory cannot be made', () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    expect(() => open(join(file, 'state'))).toThrow(
      expect.objectContaining({ code: 'state-unreadable' }),
    )
  })
})

describe('the lock on a state directory', () => {
  it('lets one controller in and names it to the second', async () => {
    const directory = folder()
    const lock = await lockState(directory)
    await expect(lockState(directory)).rejects.toMatchObject({
      code: 'state-in-use',
      data: { pid: process.pid },
    })
    lock.release()
    const again = await lockState(directory)
    again.release()
  })

  it('is free again when its holder was killed', async () => {
    const directory = folder()
    const module = new URL('lock.ts', import.meta.url).pathname
    const script = `const { lockState } = await import(${JSON.stringify(module)}); await lockState(${JSON.stringify(directory)}); console.log('held'); setInterval(() => {}, 1000)`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    await expect(lockState(directory)).rejects.toMatchObject({ data: { pid: holder.pid } })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const lock = await lockState(directory)
    lock.release()
  })
})
