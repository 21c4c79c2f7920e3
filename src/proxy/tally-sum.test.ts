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
