import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { notice } from '../../test/contract/notifier.ts'
import type { Letter } from '../core/notifier.ts'
import type { Plan } from '../core/plan.ts'
import { systemClock } from '../lib/system-clock.ts'
import { openStore } from './store.ts'

const open = (directory: string) => openStore(directory, systemClock)
const plan: Plan = { service: 'shop', strategy: 'rolling', to: 'v1', steps: [] }

/** A store with one rollout, and a letter about it. */
async function given() {
  const directory = mkdtempSync(join(tmpdir(), 'midflight-outbox-'))
  const store = open(directory)
  const { id } = await store.rollouts.open(plan, 'deploy', { counts: {}, held: 0, refused: 0 })
  const letter: Letter = {
    name: '0 begun',
    spec: { by: 'slack', url: 'https://slack.example/T/B/X', on: ['begun'] },
    notice: { ...notice, rollout: id },
  }
  return { directory, store, letter }
}

describe('the outbox', () => {
  it('keeps a letter until it is delivered, and takes it once', async () => {
    const { directory, store, letter } = await given()
    await store.outbox.add([letter])
    store.close()
    const next = open(directory)
    await next.outbox.add([letter])
    const [posted, another] = await next.outbox.waiting(5)
    expect(posted).toMatchObject({ ...letter, tries: 0 })
    expect(another).toBeUndefined()
    await next.outbox.settle(posted?.id ?? 0, { kind: 'sent' })
    await next.outbox.add([letter])
    expect(await next.outbox.waiting(5)).toEqual([])
    next.close()
  })

  it('shows nothing to a controller that was overtaken, and takes nothing from it', async () => {
    const { directory, store: old, letter } = await given()
    await old.outbox.add([letter])
    const [posted] = await old.outbox.waiting(1)
    const next = open(directory)
    const late = [
      old.outbox.waiting(1),
      old.outbox.add([{ ...letter, name: '0 promoted' }]),
      old.outbox.settle(posted?.id ?? 0, { kind: 'sent' }),
      old.outbox.prune(Date.now()),
    ]
    for (const each of late) await expect(each).rejects.toMatchObject({ code: 'lease-lost' })
    expect(await next.outbox.waiting(5)).toEqual([posted])
    old.close()
    next.close()
  })
})
