import { describe, expect, it } from 'vitest'
import { Spool } from '../limits/spool.ts'
import { Replay } from './replay.ts'

const MEBIBYTE = Buffer.alloc(1024 * 1024, 'x')

function kept(spool: Spool, mebibytes: number): Replay {
  const replay = new Replay(spool)
  for (let count = 0; count < mebibytes; count += 1) replay.keep(MEBIBYTE)
  return replay
}

describe('a body that is kept to be sent again', () => {
  it('is a copy of what was sent', () => {
    const replay = new Replay(new Spool())
    const bytes = Buffer.from('hello ')
    replay.keep(bytes)
    bytes.fill('x')
    replay.keep(Buffer.from('world'))
    expect(replay.whole).toBe(true)
    expect(replay.all().toString()).toBe('hello world')
  })

  it('is let go of when it grows too large, and not begun again in its middle', () => {
    const spool = new Spool()
    const replay = kept(spool, 9)
    expect(replay.whole).toBe(false)
    replay.keep(Buffer.from('more'))
    expect(replay.whole).toBe(false)
    expect(replay.all()).toHaveLength(0)
  })

  it('shares its room with all others of the service, and gives it back', () => {
    const spool = new Spool()
    const all = [1, 2, 3, 4].map(() => kept(spool, 8))
    expect(all.every(({ whole }) => whole)).toBe(true)
    expect(kept(spool, 1).whole).toBe(false)
    all[0]?.drop()
    all[0]?.drop()
    expect(kept(spool, 8).whole).toBe(true)
    expect(kept(spool, 1).whole).toBe(false)
  })
})
