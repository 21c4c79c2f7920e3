import { once } from 'node:events'
import { expect, it } from 'vitest'
import { within } from './within.ts'

const forever = async (signal: AbortSignal): Promise<string> => {
  if (!signal.aborted) await once(signal, 'abort')
  throw signal.reason
}

it('gives what the work came to in time', async () => {
  expect(await within({ ms: 1_000, late: 'late' }, async () => 'done')).toBe('done')
  expect(await within({ late: 'late' }, async () => 'done')).toBe('done')
})

it('ends the work when the time is over', async () => {
  expect(await within({ ms: 1, late: 'late' }, forever)).toBe('late')
})

it('rejects with the reason of the outer signal, whatever the work makes of it', async () => {
  const outer = new AbortController()
  const working = within({ ms: 60_000, signal: outer.signal, late: 'late' }, async (signal) => {
    await once(signal, 'abort')
    throw new Error('ended')
  })
  outer.abort(new Error('asked to'))
  await expect(working).rejects.toThrow('asked to')
  await expect(within({ signal: outer.signal, late: '' }, async () => '')).rejects.toThrow('asked')
})

it('hides nothing that goes wrong meanwhile', async () => {
  const failing = within({ ms: 1_000, late: 'late' }, async () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
})
