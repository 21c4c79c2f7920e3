import { expect, it } from 'vitest'
import { mutex } from './mutex.ts'

it('runs work in order, one at a time, also after a failure', async () => {
  const alone = mutex()
  const seen: string[] = []
  const work = (name: string) => async () => {
    seen.push(`${name} begins`)
    await Promise.resolve()
    seen.push(`${name} ends`)
    if (name === 'first') throw new Error('first fails')
  }
  const results = await Promise.allSettled([alone(work('first')), alone(work('second'))])
  expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
  expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled'])
})
