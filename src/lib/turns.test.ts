import { expect, it } from 'vitest'
import { turns } from './turns.ts'

it('does the work of one key in the order it was asked for, one at a time', async () => {
  const inTurn = turns()
  const log: string[] = []
  const work = (name: string) => async () => {
    log.push(`${name} begins`)
    await Promise.resolve()
    log.push(`${name} ends`)
  }
  await Promise.all([inTurn('x', work('a')), inTurn('x', work('b')), inTurn('x', work('c'))])
  expect(log).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]))
})

it('does not let one key wait for another', async () => {
  const inTurn = turns()
  void inTurn('x', () => new Promise(() => {}))
  expect(await inTurn('y', () => Promise.resolve('done'))).toBe('done')
})

it('goes on after work that failed, and tells only the one who asked for it', async () => {
  const inTurn = turns()
  const bad = inTurn('x', () => Promise.reject(new Error('bad')))
  const good = inTurn('x', () => Promise.resolve('good'))
  await expect(bad).rejects.toThrow('bad')
  expect(await good).toBe('good')
})
