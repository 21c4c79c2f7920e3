import { describe, expect, it } from 'vitest'
import { cohortOf, nameFor, releaseFor, type Weighted } from './rendezvous.ts'

const USERS = Array.from({ length: 10_000 }, (_, user) => `user-${user}`)
const SEED = 7

function placed(weights: Readonly<Record<string, number>>): Map<string, string> {
  const releases = Object.entries(weights).map(([release, weight]) => ({ release, weight }))
  return new Map(USERS.map((user) => [user, releaseFor(releases, user, SEED)!.release]))
}

const shareOf = (release: string, users: Map<string, string>) =>
  [...users.values()].filter((each) => each === release).length / USERS.length

const moves = (before: Map<string, string>, after: Map<string, string>) =>
  new Set(
    USERS.filter((user) => before.get(user) !== after.get(user)).map(
      (user) => `${before.get(user)} → ${after.get(user)}`,
    ),
  )

describe('the release of a user', () => {
  it.each([1, 5, 25, 50, 75, 100])('gives %i%% to as many users, within 1%%', (percent) => {
    const users = placed({ v1: 10_000 - percent * 100, v2: percent * 100 })
    expect(Math.abs(shareOf('v2', users) - percent / 100)).toBeLessThan(0.01)
  })

  it('moves nobody back while the share of the new release grows', () => {
    const steps = [1, 500, 2500, 5000, 9999, 10_000].map((v2) => placed({ v1: 10_000 - v2, v2 }))
    for (const [step, users] of steps.slice(1).entries())
      expect(['', 'v1 → v2']).toContain([...moves(steps[step]!, users)].join())
  })

  it('moves everybody back at once when the share of the new release falls to 0', () => {
    const before = placed({ v1: 5000, v2: 5000 })
    expect([...moves(before, placed({ v1: 10_000 }))]).toEqual(['v2 → v1'])
    expect(shareOf('v2', placed({ v1: 10_000, v2: 0 }))).toBe(0)
  })

  it('gives those back who came last when the share falls a bit', () => {
    const [low, high] = [placed({ v1: 9500, v2: 500 }), placed({ v1: 7500, v2: 2500 })]
    expect(placed({ v1: 9500, v2: 500 })).toEqual(low)
    expect([...moves(high, low)]).toEqual(['v2 → v1'])
  })

  it('moves nobody between the others when one of three grows', () => {
    const before = placed({ v1: 6000, v2: 3000, v3: 1000 })
    const after = placed({ v1: 3333 * 2, v2: 3333, v3: 1 })
    expect([...moves(after, before)].toSorted()).toEqual(['v1 → v3', 'v2 → v3'])
  })

  it('is drawn anew for the next release, so that the first are not always the same', () => {
    const [second, third] = [placed({ v1: 9000, v2: 1000 }), placed({ v1: 9000, v3: 1000 })]
    const both = USERS.filter((user) => second.get(user) === 'v2' && third.get(user) === 'v3')
    expect(both.length / USERS.length).toBeLessThan(0.06)
  })
})

describe('the cohort', () => {
  it('is the share from which on a user is with a release', () => {
    const others: Weighted[] = [{ release: 'v1', weight: 123 }]
    for (const user of USERS.slice(0, 500)) {
      const cohort = cohortOf('v2', others, user, SEED)
      const at = (share: number) =>
        releaseFor(
          [
            { release: 'v1', weight: 1 - share },
            { release: 'v2', weight: share },
          ],
          user,
          SEED,
        )?.release
      expect([at(cohort - 1e-9), at(cohort + 1e-9)]).toEqual(['v1', 'v2'])
    }
  })
})

describe('the instance of a user', () => {
  const instances = ['shop.v1.0', 'shop.v1.1', 'shop.v1.2']
  const at = (names: readonly string[], user: string) => nameFor(names, (name) => name, user)

  it('is even over the instances', () => {
    for (const instance of instances) {
      const users = USERS.filter((user) => at(instances, user) === instance)
      expect(Math.abs(users.length / USERS.length - 1 / 3)).toBeLessThan(0.02)
    }
  })

  it('changes only for those whose instance is gone', () => {
    const left = instances.slice(1)
    for (const user of USERS) {
      const before = at(instances, user)
      if (before !== instances[0]) expect(at(left, user)).toBe(before)
    }
  })
})
