import { describe, expect, it } from 'vitest'
import { NEVER_MS, Patience } from './patience.ts'

describe('the patience of an instance', () => {
  it('is not trusted before anything was seen of it', () => {
    expect(new Patience()).toMatchObject({ sureMs: NEVER_MS, riskyMs: Infinity })
  })

  it('is trusted as far as a connection was seen to stay open', () => {
    const patience = new Patience()
    patience.kept(250)
    expect(patience.sureMs).toBe(250)
    patience.kept(100)
    expect(patience.sureMs).toBe(250)
    patience.kept(4000)
    expect(patience.sureMs).toBe(1000)
  })

  it('is trusted as it is told, with a margin', () => {
    const patience = new Patience()
    patience.told(Infinity)
    expect(patience.sureMs).toBe(NEVER_MS)
    patience.told(1500)
    expect(patience.sureMs).toBe(500)
  })

  it('is trusted to half of the shortest time after which it closed a connection', () => {
    const patience = new Patience()
    patience.kept(4000)
    patience.closed(1200)
    patience.closed(3000)
    expect(patience).toMatchObject({ sureMs: 600, riskyMs: 600 })
  })

  it('is worth nothing when it speaks unasked', () => {
    const patience = new Patience()
    patience.told(5000)
    expect(patience.mostIdle).toBe(1024)
    patience.spokeUnasked()
    patience.kept(4000)
    expect(patience.mostIdle).toBe(0)
  })

  it('is never trusted again when it closed one at once', () => {
    const patience = new Patience()
    patience.told(5000)
    patience.closed(2)
    patience.kept(4000)
    expect(patience).toMatchObject({ sureMs: NEVER_MS, riskyMs: 1 })
  })
})
