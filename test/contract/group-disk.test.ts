import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MortalGroup } from '../support/group-mortal.ts'
import { missing, type SmallDisk, smallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'

const why = missing()

describe.skipIf(why)(`a group on a disk that gets full${why ? ` (${why})` : ''}`, () => {
  let disk: SmallDisk
  let group: MortalGroup

  beforeAll(async () => {
    group = await MortalGroup.open((directory) => {
      disk = smallDisk(directory)
    })
  }, 60_000)
  afterAll(async () => {
    expect(await group.end(async () => disk.remove())).toEqual([])
  }, 60_000)

  it('between two members ends all new or all old when there is room again, and nobody notices', async () => {
    const before = await group.live()
    const users = group.getsTraffic()
    let refused: string | undefined
    let isFull = false
    await group.follows('tell')
    group.hears((told) => {
      if ('refused' in told) refused = told.refused
      else if (told.entry === 'group promoted' && !isFull) {
        isFull = true
        disk.fill()
      }
    })
    await group.begins('promoted')
    const phase = async () => (await group.newest())?.state.phase
    await until(phase, (now) => refused !== undefined || (isFull && now !== 'running'), 60_000)
    await disk.makeRoom()
    const { state, members } = await group.ended(2)
    const outcome = state.phase === 'finished' ? state.outcome : state.phase
    expect(['promoted', 'undone']).toContain(outcome)
    await group.becomes(outcome === 'promoted' ? members.map(({ release }) => release) : before)
    expect(await users()).toBe(0)
  }, 120_000)
})
