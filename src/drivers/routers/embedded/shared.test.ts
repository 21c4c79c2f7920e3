import { expect, it } from 'vitest'
import { shared } from './shared.ts'

/** Work that ends when it is told to, and knows how often it was begun. */
function work() {
  const all: { readonly signal: AbortSignal; readonly end: () => void }[] = []
  const begin = (signal: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    all.push({ signal, end: resolve })
    signal.addEventListener('abort', () => reject(signal.reason as Error))
    return promise
  }
  return { all, ask: shared(begin) }
}

it('is done once for all who ask meanwhile, and anew for who comes later', async () => {
  const { all, ask } = work()
  const both = [ask(), ask()]
  expect(all).toHaveLength(1)
  all[0]?.end()
  await Promise.all(both)
  void ask()
  expect(all).toHaveLength(2)
})

it('goes on for the others when one gives up, and stops with the last', async () => {
  const { all, ask } = work()
  const [one, other] = [new AbortController(), new AbortController()]
  const asked = [ask({ signal: one.signal }), ask({ signal: other.signal })]
  one.abort(new Error('one'))
  await expect(asked[0]).rejects.toThrow('one')
  expect(all[0]?.signal.aborted).toBe(false)
  other.abort(new Error('other'))
  await expect(asked[1]).rejects.toThrow('other')
  expect(all[0]?.signal.aborted).toBe(true)
})

it('is not begun for who has given up already', async () => {
  const { all, ask } = work()
  await expect(ask({ signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone')
  expect(all).toHaveLength(0)
})
