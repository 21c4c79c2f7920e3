import { describe, expect, it } from 'vitest'
import type { Demand } from '../core/preflight.ts'
import { lookTogether } from './look-together.ts'

const MIB = 2 ** 20
const machine = { memoryBytes: () => 300 * MIB, diskBytes: async () => 100 * MIB }

/** One that starts this many instances of 100 MiB, and has so many more in the end. */
function taking(service: string, most: number, after = most): Demand {
  return { service, memory: { level: 'warn', eachBytes: 100 * MIB, most, after } }
}

const five = ['a', 'b', 'c', 'd', 'e'].map((service) => taking(service, 1))

describe('releases that fit alone', () => {
  it('may take more memory together than there is left', async () => {
    expect(await lookTogether(five, machine)).toMatchObject([
      {
        check: 'memory',
        level: 'warn',
        what: 'together they take 500 MiB more (a 1 × 100 MiB, b 1 × 100 MiB, c 1 × 100 MiB, d 1 × 100 MiB, e 1 × 100 MiB), and 300 MiB of memory are left',
      },
    ])
    expect(await lookTogether(five.slice(0, 3), machine)).toEqual([])
  })

  it('take only as much as runs at once: what a worker ends makes room for the next', async () => {
    const workers = five.map(({ service }) => taking(service, 1, 0))
    expect(await lookTogether(workers, machine)).toEqual([])
    expect(await lookTogether([...workers, taking('f', 3)], machine)).toEqual([])
    expect(await lookTogether([taking('f', 3), ...workers], machine)).toHaveLength(1)
  })

  it('may have no room on the disk together', async () => {
    const copies = ['a', 'b'].map((service): Demand => ({
      service,
      disk: { level: 'warn', bytes: 45 * MIB },
    }))
    expect(await lookTogether(copies, machine)).toMatchObject([
      {
        check: 'disk',
        what: 'the disk has 100 MiB left, and their releases take 90 MiB (a 45 MiB, b 45 MiB)',
      },
    ])
    expect(await lookTogether(copies.slice(1), machine)).toEqual([])
  })

  it('are refused as soon as one file says so, and not looked at where none does', async () => {
    const [first, ...others] = five
    const grave: Demand = {
      service: 'a',
      memory: { eachBytes: 100 * MIB, most: 1, after: 1, ...first?.memory, level: 'error' },
    }
    expect(await lookTogether([...others, grave], machine)).toMatchObject([{ level: 'error' }])
    expect(await lookTogether([{ service: 'a' }, { service: 'b' }], machine)).toEqual([])
  })
})
