import { describe, expect, it } from 'vitest'
import type { HealthMark } from '../plane/data-plane-port.ts'
import { Standing } from './standing.ts'
import { type Member, takersOf } from './takers.ts'

type Marked = Omit<HealthMark, 'id' | 'generation'>

const UP: Marked = { health: 'up' }
const DOWN: Marked = { health: 'down' }
const REFUSES: Marked = { health: 'down', unreachable: true }
const NEW: Marked = { health: 'unproven' }
const OUT: Marked = { health: 'up', ejected: { reason: 'failed', untilMs: 1 } }

interface Named extends Member {
  readonly name: string
}

function instance(name: string, mark: Marked, release = 'v1', serving = true): Named {
  const standing = new Standing()
  standing.learn({ id: name, generation: 'g', ...mark }, 0)
  return { name, release, serving, standing }
}

function takersAmong(
  marks: Readonly<Record<string, Marked>>,
  weights: Readonly<Record<string, number>> = { v1: 10_000 },
): string {
  const all = Object.entries(marks).map(([name, mark]) =>
    instance(name, mark, name.split('.')[0] ?? ''),
  )
  const { weighted } = takersOf(all, weights)
  return weighted.flatMap((release) => release.instances.map((each) => each.name)).join(' ')
}

describe('who takes requests', () => {
  it('is whoever is up and not ejected', () => {
    const marks = { 'v1.0': UP, 'v1.1': DOWN, 'v1.2': OUT, 'v1.3': NEW, 'v1.4': REFUSES }
    expect(takersAmong(marks)).toBe('v1.0')
  })

  it('is whoever was up before, when nobody is good', () => {
    const marks = { 'v1.1': DOWN, 'v1.2': OUT, 'v1.3': NEW, 'v1.4': REFUSES }
    expect(takersAmong(marks)).toBe('v1.1 v1.2')
  })

  it('is nobody when nobody was ever up, or nobody can be reached: then requests wait', () => {
    expect(takersAmong({ 'v1.0': NEW, 'v1.1': REFUSES })).toBe('')
    expect(takersAmong({ 'v1.0': { ...NEW, unreachable: true } })).toBe('')
    expect(takersAmong({ 'v1.0': { ...OUT, ...REFUSES } })).toBe('')
  })

  it('is the other release while that has a good instance', () => {
    const weights = { v1: 9_000, v2: 1_000 }
    expect(takersAmong({ 'v1.0': DOWN, 'v2.0': UP }, weights)).toBe('v2.0')
    expect(takersAmong({ 'v1.0': DOWN, 'v2.0': OUT }, weights)).toBe('v1.0 v2.0')
  })

  it('is never a release without weight, though a rule may point to its good ones', () => {
    expect(takersAmong({ 'v1.0': DOWN, 'v2.0': UP })).toBe('v1.0')
    const { all } = takersOf([instance('a', UP, 'v2'), instance('b', DOWN, 'v3')], { v1: 10_000 })
    expect(all.map((release) => release.release)).toEqual(['v2'])
  })

  it('is never one that drains', () => {
    const draining = [instance('a', UP, 'v1', false), instance('b', DOWN, 'v1', false)]
    expect(takersOf(draining, { v1: 10_000 }).weighted).toEqual([])
  })
})
