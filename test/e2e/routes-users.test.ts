import { describe, expect, it } from 'vitest'
import { everybodyGets, itRuns } from '../support/claims.ts'
import { expectThat, givenForAll, type Sentence, when } from '../support/given.ts'
import { beginsToDeploy, deploys, endsItsRollout, says } from '../support/happenings.ts'
import { type Jar, jars, visits } from '../support/jars.ts'
import type { Shop } from '../support/shop.ts'
import { until } from '../support/until.ts'

const USERS = 200

const file = {
  sticky: 'cookie',
  user: 'header:x-user-id',
  rules: [
    { when: { header: { 'x-beta': '1' } }, to: 'candidate' },
    { when: { user: ['alice', 'bob'] }, to: 'candidate' },
    { when: { path: '/slow*' }, to: 'stable' },
  ],
}
const rollout =
  '{ strategy: canary, steps: [{ share: 10%, hold: until-promoted }, { share: 60%, hold: until-promoted }], bake: 0s }'

describe('a canary that routes users', () => {
  const shop = givenForAll({ version: 'v1', file })

  it('keeps each user where it is, moves nobody back as it grows, and everybody as it is taken back', async () => {
    const users = jars(USERS)
    await expectThat(shop(), whoGets('v2', users, 0, 0))

    await when(shop(), beginsToDeploy({ version: 'v2', file, rollout }), has('v2', 1_000))
    await expectThat(shop(), whoGets('v2', users, 4, 40))
    const first = await onRelease(shop(), 'v2', users)
    expect(await onRelease(shop(), 'v2', users)).toEqual(first)

    await when(shop(), says('promote'), has('v2', 6_000))
    await expectThat(shop(), whoGets('v2', users, 90, 150))
    const second = await onRelease(shop(), 'v2', users)
    expect(second.intersection(first)).toEqual(first)

    await when(shop(), says('abort'), endsItsRollout)
    await expectThat(shop(), whoGets('v2', users, 0, 0))
    await expectThat(shop(), everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
  })

  it('sends those that a rule names to the new release, and keeps those that a rule keeps', async () => {
    await expectThat(shop(), gets('v1', ['X-Beta: 1']))
    await when(shop(), beginsToDeploy({ version: 'v3', file, rollout }), has('v3', 1_000))
    await expectThat(
      shop(),
      gets('v3', ['X-Beta: 1']),
      gets('v3', ['X-User-Id: alice']),
      gets('v3', ['X-User-Id: bob'], '/slow?ms=1'),
      gets('v1', ['X-User-Id: carl'], '/slow?ms=1'),
      wouldGet('v3', 'GET /', '-H', 'X-User-Id: bob'),
      wouldGet('v1', 'GET /slow'),
    )
    await when(shop(), says('abort'), endsItsRollout)
    await expectThat(shop(), gets('v1', ['X-User-Id: alice']), everybodyGets('v1'))
  })

  it('says which rule names a release that does not serve', async () => {
    const rules = [{ when: { path: '/preview*' }, to: { release: 'v9' } }]
    await when(shop(), deploys({ version: 'v4', file: { rules } }))
    expect((await shop().status()).idlePins).toEqual([{ of: 'rules[0]', release: 'v9' }])
    const { lines } = await shop().says('traffic', '--explain', '/preview')
    const explained = [{ to: 'v9 (does not serve)', outcome: 'unavailable' }]
    expect(lines.at(-1)).toMatchObject({ release: 'v4', rules: explained })
  })
})

/** Goes on when the release has this share, in hundredths of a percent. */
function has(release: string, share: number): Sentence {
  return async (shop) => {
    await until(
      () => shop.status(),
      ({ weights }) => weights[release] === share,
    )
  }
}

/** Which of these users get the release now, by their places. */
async function onRelease(
  { workspace: { listen } }: Shop,
  release: string,
  users: readonly Jar[],
): Promise<ReadonlySet<number>> {
  const answers = await visits(listen.port, users)
  const places = answers.flatMap(({ by }, at) => (by.includes(`"${release}"`) ? [at] : []))
  return new Set(places)
}

/** So many of the users get the release, by chance more or less. */
function whoGets(release: string, users: readonly Jar[], least: number, most: number): Sentence {
  return async (shop) => {
    const { size } = await onRelease(shop, release, users)
    expect(size).toBeGreaterThanOrEqual(least)
    expect(size).toBeLessThanOrEqual(most)
  }
}

/** Twenty users whom nobody has seen, all with these fields, get this release. */
function gets(release: string, fields: readonly string[], path?: string): Sentence {
  return async ({ workspace: { listen } }) => {
    const answers = await visits(listen.port, jars(20), fields, path)
    expect(new Set(answers.map(({ by }) => by))).toEqual(
      new Set([JSON.stringify({ version: release })]),
    )
  }
}

/** What `midflight traffic --explain` says of this request. */
function wouldGet(release: string, ...words: readonly string[]): Sentence {
  return async (shop) => {
    const { lines } = await shop.says('traffic', '--explain', ...words)
    expect(lines.at(-1)).toMatchObject({ decidedBy: 'rule', release })
  }
}
