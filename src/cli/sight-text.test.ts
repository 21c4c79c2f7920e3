import { describe, expect, it } from 'vitest'
import { bucketOf } from '../core/histogram.ts'
import type { Sight } from '../core/sight.ts'
import type { Traffic } from '../core/traffic.ts'
import { sightText } from './sight-text.ts'

const sight: Sight = {
  perSecond: 12.3,
  errorsPerSecond: 0.2,
  cells: [
    {
      methods: 'reads',
      status: 2,
      firstByte: [bucketOf(1), 95, bucketOf(20), 5],
      whole: [bucketOf(2), 99, bucketOf(1500), 1],
    },
  ],
}
const traffic = (parts: Partial<Traffic>): Traffic => ({
  route: {} as Traffic['route'],
  instances: [],
  counts: {},
  held: 0,
  holding: 0,
  refused: 0,
  rejected: 0,
  ...parts,
})

describe('the text of what was seen', () => {
  it('is empty where nothing was', () => {
    expect(sightText(traffic({}))).toEqual([])
  })

  it('names the instances under their release, with their percentiles', () => {
    const instance = { id: 'shop.v1.0', release: 'v1', health: 'up', requests: 0, upgrades: 0 }
    const lines = sightText(
      traffic({ sights: { v1: sight }, instances: [{ ...instance, health: 'up', sight }] }),
    )
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "
      answers of   now   errors  p50     p95     p99   whole p50  whole p99
      v1           12/s  0.2/s   1.06ms  1.06ms  21ms  2.12ms     2.12ms
        shop.v1.0  12/s  0.2/s   1.06ms  1.06ms  21ms  2.12ms     2.12ms"
    `)
  })

  it('tells what a mirror found, and where', () => {
    const mirror = {
      sent: 1200,
      same: 1197,
      differ: { status: 2, fields: 1, body: 3 },
      failed: 0,
      dropped: 4,
      uncompared: 0,
      times: { users: [bucketOf(1), 1], copies: [bucketOf(2), 1] },
      samples: [
        {
          atMs: 0,
          method: 'GET',
          path: '/cart',
          differ: ['status', 'fields'] as const,
          statuses: [200, 500] as const,
          fields: ['content-type'],
        },
      ],
    }
    const lines = sightText(
      traffic({ mirror, fallbacks: { asked: 5, found: 4 }, decisions: { 'rule 1': 3, cohort: 9 } }),
    )
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "decided by: cohort 9, rule 1 3
      files asked from the other release: 5, found there: 4
      1,200 mirrored: 1,197 alike; 2 differ in status, 1 in fields, 3 in the body; 0 failed, 4 dropped, 0 too large to compare; p99 1.06ms for users, 2.12ms for copies
        GET /cart: status, fields (200 and 500; content-type)"
    `)
  })
})
