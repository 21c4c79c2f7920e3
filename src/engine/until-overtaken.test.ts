import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../test/support/fake-clock.ts'
import { Problem } from '../core/problem.ts'
import { untilOvertaken } from './until-overtaken.ts'

const lost = new Problem('lease-lost', { message: 'another one has it', hint: 'nothing to do' })

describe('a controller', () => {
  it('learns that another one has taken over, also when the store could not be read before', async () => {
    const answers = [undefined, new Error('disk I/O error'), lost]
    const check = () => {
      const answer = answers.shift()
      if (answer) throw answer
    }
    const { signal } = new AbortController()
    expect(await untilOvertaken({ lease: { check }, clock: fakeClock() }, signal)).toBe(lost)
  })

  it('stops looking when it ends', async () => {
    const over = new AbortController()
    const check = () => over.abort()
    const waiting = untilOvertaken({ lease: { check }, clock: fakeClock() }, over.signal)
    expect(await waiting).toBeUndefined()
  })
})
