import { describe, expect, it } from 'vitest'
import { Obedience } from './obedience.ts'

describe('orders', () => {
  it('are obeyed when the slowest worker obeys them', async () => {
    const [fast, slow] = [
      { pid: 1, obeyed: 2 },
      { pid: 2, obeyed: 1 },
    ]
    const obedience = new Obedience(new Set([fast, slow]))
    const obeyed = obedience.to(2)
    let ended = false
    void obeyed.then(() => (ended = true))
    obedience.settle()
    await Promise.resolve()
    expect(ended).toBe(false)
    slow.obeyed = 3
    obedience.settle()
    expect(await obeyed).toEqual({ kind: 'obeyed' })
  })

  it('do not wait for a worker that died', async () => {
    const dying = { pid: 2, obeyed: -1 }
    const workers = new Set([{ pid: 1, obeyed: 2 }, dying])
    const obedience = new Obedience(workers)
    const obeyed = obedience.to(2)
    workers.delete(dying)
    obedience.settle()
    expect(await obeyed).toEqual({ kind: 'obeyed' })
  })

  it('are not obeyed by nobody', async () => {
    const obedience = new Obedience(new Set())
    const outcome = obedience.to(1)
    obedience.settle()
    obedience.end({ kind: 'not-listening', key: 'a', code: 'EADDRINUSE' })
    expect(await outcome).toMatchObject({ kind: 'not-listening' })
  })
})
