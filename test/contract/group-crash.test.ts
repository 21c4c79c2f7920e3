import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Entry, Moment } from '../support/group-fate.ts'
import { type Ending, MortalGroup } from '../support/group-mortal.ts'
import { until } from '../support/until.ts'

/** With GROUP_CRASH=all the controller dies before and after every entry; else around those of the group itself. */
const IS_WHOLE = process.env['GROUP_CRASH'] === 'all'

describe.each(['promoted', 'undone'] as const)('a group that is %s', (ending) => {
  let group: MortalGroup
  let entries: readonly Entry[] = []

  beforeAll(async () => {
    group = await MortalGroup.open()
    entries = await undisturbed(group, ending)
  }, 60_000)
  afterAll(async () => expect(await group.end()).toEqual([]), 60_000)

  it('is written down member by member', () => {
    const told = entries.filter((each) => each.startsWith('group'))
    expect(told).toEqual(
      ending === 'promoted'
        ? ['open', 'begun', 'promoted', 'begun', 'promoted', 'close'].map((each) => `group ${each}`)
        : ['open', 'begun', 'promoted', 'begun', 'turned', 'return-begun', 'returned', 'close'].map(
            (each) => `group ${each}`,
          ),
    )
  })

  it('ends the same wherever its controller is killed, and nobody notices', async () => {
    const moments = momentsOf(entries)
    expect(moments.length).toBeGreaterThan(5)
    for (const moment of moments) {
      const what = `${moment.when} entry ${moment.entry} (${entries[moment.entry]})`
      expect({ what, ...(await killed(group, ending, moment)) }).toEqual({
        what,
        outcome: ending,
        failures: 0,
      })
    }
  }, 1_200_000)
})

/** Before and after each; of a part, before one and after the next. */
function momentsOf(entries: readonly Entry[]): readonly Moment[] {
  const all = entries.flatMap((_, entry): Moment[] => [
    { entry, when: 'before' },
    { entry, when: 'after' },
  ])
  const own = all.filter(({ entry }) => entries[entry]?.startsWith('group'))
  return IS_WHOLE ? all : own.filter((_, index) => [0, 3].includes(index % 4))
}

/** What is written when nothing happens to it. */
async function undisturbed(group: MortalGroup, ending: Ending): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  await group.follows('tell')
  group.hears((told) => 'entry' in told && entries.push(told.entry))
  await group.begins(ending)
  await group.ended(2)
  await until(
    async () => entries.at(-1),
    (last) => last === 'group close',
  )
  await group.follows('live')
  return entries
}

/** Rolls out, with the controller killed at this moment. Resolves when everything is as it is to be. */
async function killed(group: MortalGroup, ending: Ending, dieAt: Moment) {
  const last = await group.newest()
  const id = (last?.id ?? 0) + 1
  const before = await group.live()
  await group.follows({ dieAt })
  const users = group.getsTraffic()
  await group.begins(ending)
  await group.died()
  await group.starts()
  // It died before the group was written, and whoever wanted it was told so.
  if ((await group.newest())?.id !== id) await group.begins(ending)
  const { state, members } = await group.ended(id)
  const outcome = state.phase === 'finished' ? state.outcome : state.phase
  const wanted = ending === 'promoted' ? members.map(({ release }) => release) : before
  await group.becomes(wanted)
  return { outcome, failures: await users() }
}
