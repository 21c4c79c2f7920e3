import { describe, expect, it } from 'vitest'
import { OncePerUser } from './once-per-user.ts'

describe('a user', () => {
  it('is let through once in a window, and again after it', () => {
    const users = new OncePerUser(10_000)
    expect([0, 1, 9_999, 10_000, 10_001].map((atMs) => users.lets('ann', atMs))).toEqual([
      true,
      false,
      false,
      true,
      false,
    ])
  })

  it('does not hold back another one', () => {
    const users = new OncePerUser(10_000)
    expect([users.lets('ann', 0), users.lets('bob', 0)]).toEqual([true, true])
  })

  it('waits where too many are remembered already, until some are forgotten', () => {
    const users = new OncePerUser(10_000)
    for (let at = 0; at < 20_000; at += 1) users.lets(String(at), 0)
    expect(users.lets('ann', 9_999)).toBe(false)
    expect(users.lets('ann', 10_000)).toBe(true)
  })
})
