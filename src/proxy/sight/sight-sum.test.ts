import { describe, expect, it } from 'vitest'
import { sizeOf } from '../../core/histogram.ts'
import type { CellDelta } from './sight-delta.ts'
import { SightSum } from './sight-sum.ts'

const cell = (parts: Partial<CellDelta> = {}): CellDelta => ({
  release: 'v1',
  instance: 'shop.v1.0',
  methods: 'reads',
  status: 2,
  firstByte: [10, 1],
  whole: [12, 1],
  ...parts,
})

const added = (...cells: readonly CellDelta[]): SightSum => {
  const sum = new SightSum({})
  for (const each of cells) sum.add({ shop: { cells: [each] } }, 0)
  return sum
}

describe('the sum of what all workers saw', () => {
  it('has each release with all of its instances', () => {
    const sum = added(cell(), cell({ instance: 'shop.v1.1', firstByte: [9, 2], whole: [12, 2] }))
    const seen = sum.since('shop', 0, 0)
    expect(seen?.releases['v1']?.cells[0]?.firstByte).toEqual([9, 2, 10, 1])
    expect(seen?.instances['shop.v1.1']?.cells[0]?.whole).toEqual([12, 2])
  })

  it('tells who has a cursor only the cells that changed since, whole', () => {
    const sum = added(cell(), cell({ status: 5 }))
    const { cursor } = sum.since('shop', 0, 0)!
    expect(sum.since('shop', cursor, 0)?.releases['v1']?.cells).toEqual([])
    sum.add({ shop: { cells: [cell({ status: 5 })] } }, 0)
    const changed = sum.since('shop', cursor, 0)?.releases['v1']?.cells
    expect(changed?.map(({ status, whole }) => [status, sizeOf(whole)])).toEqual([[5, 2]])
  })

  it('tells how many come in a second, and forgets that within ten', () => {
    const sum = added(cell({ whole: [12, 40] }), cell({ status: 5, whole: [12, 5] }))
    sum.add({ shop: { cells: [cell({ status: 0, whole: [12, 5] })] } }, 5_000)
    const now = sum.since('shop', 0, 9_000)?.releases['v1']
    expect([now?.perSecond, now?.errorsPerSecond]).toEqual([5, 1])
    const later = sum.since('shop', 0, 14_000)?.releases['v1']
    expect([later?.perSecond, later?.errorsPerSecond]).toEqual([0.5, 0.5])
    expect(sum.since('shop', 0, 60_000)?.releases['v1']?.perSecond).toBe(0)
  })

  it('is the same after it was kept and read again, but for what comes in a second', () => {
    const sum = added(cell(), cell({ status: 4 }), cell({ release: 'v2', instance: 'shop.v2.0' }))
    sum.add({ shop: { cells: [], fallbacks: { asked: 3, found: 2 }, decisions: { cohort: 4 } } }, 0)
    const again = new SightSum(structuredClone(sum.whole()))
    expect(again.whole()).toEqual(sum.whole())
    expect(again.since('shop', 0, 0)?.fallbacks).toEqual({ asked: 3, found: 2 })
    expect(again.since('shop', 0, 0)?.releases['v1']?.perSecond).toBe(0)
  })

  it('keeps of instances that are gone only their part of the release, also when it is read again', () => {
    const sum = added(cell(), cell({ instance: 'shop.v1.1' }), cell({ instance: 'shop.v1.2' }))
    sum.keepOnly('shop', [{ id: 'shop.v1.1' }])
    for (const each of [sum, new SightSum(structuredClone(sum.whole()))]) {
      const seen = each.since('shop', 0, 0)
      expect(Object.keys(seen?.instances ?? {})).toEqual(['shop.v1.1'])
      expect(sizeOf(seen?.releases['v1']?.cells[0]?.whole ?? [])).toBe(3)
    }
    expect(sum.whole()['shop']?.cells).toHaveLength(2)
  })

  it('keeps the eight releases that answered last', () => {
    const sum = added(
      ...Array.from({ length: 12 }, (_, n) => cell({ release: `v${n}`, instance: `shop.v${n}.0` })),
    )
    expect(Object.keys(sum.since('shop', 0, 0)?.releases ?? {})).toEqual(
      [4, 5, 6, 7, 8, 9, 10, 11].map((n) => `v${n}`),
    )
  })

  it('begins anew with a service that was removed', () => {
    const sum = added(cell())
    sum.forget('shop')
    expect(sum.since('shop', 0, 0)).toBeUndefined()
  })
})
