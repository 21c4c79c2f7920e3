import { describe, expect, it } from 'vitest'
import type { Counts } from '../core/traffic.ts'
import type { Tally } from './plane/data-plane-port.ts'
import { remainsOf, sumOf } from './tally-sum.ts'

const counts = (requests: number): Counts => ({
  requests,
  answers: [0, 0, requests, 0, 0, 1],
  failed: 1,
  retried: 2,
  broken: 3,
  upgrades: 4,
})
const tally = (requests: number, generation = 'a'): Tally => ({
  shop: {
    counts: { v1: counts(requests) },
    running: [{ id: 'shop.v1.0', generation, requests: 1, upgrades: 2 }],
    held: 1,
    holding: 2,
    refused: 3,
    rejected: 4,
  },
})

describe('the sum of what workers saw', () => {
  it('tells for which reasons requests were rejected, once one was', () => {
    const rejecting = (rejections: Readonly<Record<string, number>>): Tally => ({
      shop: { ...tally(1)['shop']!, rejections },
    })
    const sum = sumOf([rejecting({ host: 1 }), tally(1), rejecting({ host: 2, framing: 3 })])
    expect(sum['shop']?.rejections).toEqual({ host: 3, framing: 3 })
    expect(sumOf([tally(1)])['shop']).not.toHaveProperty('rejections')
  })

  it('tells what limits brought about, once they did', () => {
    const limited: Tally = { shop: { ...tally(1)['shop']!, retriesRefused: 2, slowReaders: 1 } }
    const sum = sumOf([limited, tally(1), limited])
    expect(sum['shop']).toMatchObject({ retriesRefused: 4, slowReaders: 2 })
    expect(sumOf([tally(1)])['shop']).not.toHaveProperty('slowReaders')
  })

  it('adds all numbers up', () => {
    expect(sumOf([tally(10), tally(5), {}])).toEqual({
      shop: {
        counts: {
          v1: {
            requests: 15,
            answers: [0, 0, 15, 0, 0, 2],
            failed: 2,
            retried: 4,
            broken: 6,
            upgrades: 8,
          },
        },
        running: [{ id: 'shop.v1.0', generation: 'a', requests: 2, upgrades: 4 }],
        held: 2,
        holding: 4,
        refused: 6,
        rejected: 8,
      },
    })
  })

  it('keeps two processes with the same name apart', () => {
    const running = sumOf([tally(1, 'a'), tally(1, 'b')])['shop']?.running
    expect(running?.map((each) => each.generation)).toEqual(['a', 'b'])
  })

  it('keeps of a dead worker what happened, and nothing that ran', () => {
    expect(remainsOf(tally(10))['shop']).toMatchObject({
      counts: { v1: counts(10) },
      running: [],
      holding: 0,
      held: 1,
    })
  })
})
