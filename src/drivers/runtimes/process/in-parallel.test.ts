import { expect, it } from 'vitest'
import { inParallel } from './in-parallel.ts'

const numbers = Array.from({ length: 100 }, (_, number) => number)

it('gives the results in the order of the items, however they come', async () => {
  const results = await inParallel(numbers, async (number) => {
    if (number % 3 === 0) await new Promise(setImmediate)
    return number * 2
  })
  expect(results).toEqual(numbers.map((number) => number * 2))
})

it('rejects with the first error, and only when nothing it began still goes on', async () => {
  const [begun, done] = [new Set<number>(), new Set<number>()]
  const work = inParallel(numbers, async (number) => {
    if (number === 3) throw new Error('bad')
    begun.add(number)
    await new Promise(setImmediate)
    done.add(number)
  })
  await expect(work).rejects.toThrow('bad')
  expect(done).toEqual(begun)
  expect(begun.size).toBeLessThan(20)
})

it('begins nothing more once it is given up', async () => {
  const signal = AbortSignal.abort(new Error('given up'))
  await expect(inParallel(numbers, () => expect.fail(), { signal })).rejects.toThrow('given up')
})
