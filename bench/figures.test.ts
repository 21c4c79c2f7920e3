import { describe, expect, it } from 'vitest'
import { figuresOf, type Taken } from './figures.ts'

const taken = (proxy: string, round: number, cpuMicrosPerRequest: number): Taken => ({
  case: 'get-tcp',
  proxy,
  round,
  cpuMicrosPerRequest,
  failed: 0,
})

describe('the figures', () => {
  it('are medians over the rounds', () => {
    const [nginx] = figuresOf([taken('nginx', 0, 30), taken('nginx', 1, 10), taken('nginx', 2, 12)])
    expect(nginx?.cpuMicrosPerRequest).toBe(12)
  })

  it('compare with nginx round by round, so that a slow minute of the machine shows in neither', () => {
    const all = figuresOf([
      taken('nginx', 0, 10),
      taken('other', 0, 11),
      taken('nginx', 1, 20),
      taken('other', 1, 22),
      taken('nginx', 2, 10),
      taken('other', 2, 30),
    ])
    expect(all.map((one) => one.ratioToNginx)).toEqual([1, 1.1])
  })

  it('compare with the nginx that does the same work, and apart with the one that does less', () => {
    const all = figuresOf([taken('nginx', 0, 20), taken('nginx-bare', 0, 16), taken('other', 0, 8)])
    expect(all.map((one) => [one.ratioToNginx, one.ratioToBareNginx])).toEqual([
      [1, 1.25],
      [0.8, 1],
      [0.4, 0.5],
    ])
  })

  it('have no ratio without nginx, and null for what a case does not measure', () => {
    const [other] = figuresOf([taken('other', 0, 11)])
    const nothing = { ratioToNginx: null, ratioToBareNginx: null, rps: null, p99Ms: null }
    expect(other).toMatchObject({ ...nothing, rssMb: null, mbPerSecond: null })
  })
})
