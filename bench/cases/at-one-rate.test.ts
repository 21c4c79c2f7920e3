import { describe, expect, it } from 'vitest'
import type { RunningPeer } from '../peers/start-peer.ts'
import { atOneRate, halfOfNginx, type PeerCost } from './at-one-rate.ts'

const costOf = (name: string, rps: number): PeerCost => [
  { name } as RunningPeer,
  { cpuMicrosPerRequest: 20, rps, rssMb: 10, failed: 0 },
]
const latency = { p50: 1, p99: 2, p999: 3 }

describe('the rate at which latency is taken', () => {
  it('is half of what nginx can do, for all', () => {
    expect(halfOfNginx([costOf('other', 90_000), costOf('nginx', 40_000)])).toBe(20_000)
  })

  it('is half of what the fastest can do, where nginx is not asked', () => {
    expect(halfOfNginx([costOf('other', 30_000), costOf('slow', 10_000)])).toBe(15_000)
  })

  it('is not asked of a proxy that has no room for it, which is said', async () => {
    const costs = [costOf('slow', 21_000), costOf('nginx', 40_000)]
    const asked: string[] = []
    const samples = await atOneRate(costs, 20_000, async (able) => {
      asked.push(...able.map((peer) => peer.name))
      return able.map(() => ({ failed: 1, latency }))
    })
    expect(asked).toEqual(['nginx'])
    expect(samples[0]?.latency).toBeUndefined()
    expect(samples[0]?.notes).toEqual(['it cannot do 20000/s, at which latency was taken'])
    expect(samples[1]).toMatchObject({ latency, failed: 1 })
  })
})
