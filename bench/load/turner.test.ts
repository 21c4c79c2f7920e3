import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { procFile } from '../process-tree.ts'
import { Stage } from '../stage.ts'
import { Turner } from './turner.ts'

const stateOf = (pid: number) => /^State:\t(.)/m.exec(procFile(pid, 'status') ?? '')?.[1]

describe('a process that takes turns', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await Stage.open()
  })
  afterEach(() => stage.end())

  it('is stopped before its turn and after it, and tells how long that was', async () => {
    const child = await stage.start('sleep', ['60'])
    const turner = new Turner(child)
    expect(turner.workedMs).toBe(0)
    await expect.poll(() => stateOf(child.pid!)).toBe('T')
    await turner.work(20)
    await expect.poll(() => stateOf(child.pid!)).toBe('T')
    expect(turner.workedMs).toBeGreaterThan(0)
    expect(turner.isOver).toBe(false)
  })

  it('ends by itself when it is let, and has no turns after', async () => {
    const child = await stage.start('true', [])
    const turner = new Turner(child)
    await turner.workToTheEnd()
    expect(turner.isOver).toBe(true)
    const worked = turner.workedMs
    await turner.work(60_000)
    expect(turner.workedMs).toBe(worked)
  })

  it('may have ended before its first turn', async () => {
    const child = await stage.start('true', [])
    await once(child, 'exit')
    const turner = new Turner(child)
    await turner.workToTheEnd()
    expect(turner.workedMs).toBe(0)
  })
})
