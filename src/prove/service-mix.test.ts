import { describe, expect, it } from 'vitest'
import { serviceMix } from './service-mix.ts'

describe('the mix for an unknown service', () => {
  it('only reads unless it is asked for more, at the rate asked for', () => {
    const mix = serviceMix({ paths: ['/', '/about'], perSecond: 100 })
    const kinds = new Set(mix.map((strand) => strand.make(0).kind))
    expect(kinds).toEqual(new Set(['get', 'get-fresh']))
    expect(mix.reduce((sum, strand) => sum + strand.perSecond, 0)).toBeCloseTo(100)
  })

  it('gives every POST an id of its own', () => {
    const post = serviceMix({ paths: ['/'], perSecond: 10, post: '/orders' }).at(-1)!
    const bodies = [0, 1].map((n) => {
      const task = post.make(n)
      return task.kind === 'websocket' ? undefined : task.body?.bytes.toString()
    })
    expect(new Set(bodies).size).toBe(2)
  })

  it('opens WebSockets where asked to', () => {
    const last = serviceMix({ paths: ['/'], perSecond: 10, websocket: '/live' }).at(-1)!
    expect(last.make(0)).toMatchObject({ kind: 'websocket', path: '/live', talk: 'silent' })
  })
})
