import { expect, it } from 'vitest'
import type { JournalEntry, JournalMark } from './journal.ts'
import { positionOf } from './position.ts'

const because = { code: 'gate-failed', message: 'm', hint: 'h', data: {} }
const at = (...marks: JournalMark[]) =>
  positionOf(marks.map((mark, seq): JournalEntry => ({ ...mark, seq, atMs: seq })))

it('begins at the first step', () => {
  expect(at()).toEqual({ phase: 'doing', step: 0, begun: false })
})

it('knows a step that was begun and not finished', () => {
  const marks = [
    { mark: 'begun', step: 0 },
    { mark: 'done', step: 0 },
    { mark: 'begun', step: 1 },
  ] as const
  expect(at(...marks)).toEqual({ phase: 'doing', step: 1, begun: true })
})

it('remembers a pause, and forgets it when it is over', () => {
  const paused = { mark: 'paused', step: 2, reason: 'asked' } as const
  expect(at(paused)).toMatchObject({ phase: 'doing', step: 2, paused: 'asked' })
  expect(at(paused, { mark: 'resumed', step: 2 })).toEqual({
    phase: 'doing',
    step: 2,
    begun: false,
  })
})

it('knows a pause within a step from one between two', () => {
  const paused = { mark: 'paused', step: 0, reason: 'no answer' } as const
  expect(at({ mark: 'begun', step: 0 }, paused)).toMatchObject({ begun: true, paused: 'no answer' })
  const between = { ...paused, step: 1 }
  expect(at({ mark: 'begun', step: 0 }, { mark: 'done', step: 0 }, between)).toMatchObject({
    step: 1,
    begun: false,
  })
})

it('walks backwards once it has turned', () => {
  const turned = { mark: 'turned', step: 2, because } as const
  expect(at(turned)).toEqual({ phase: 'undoing', step: 2, because })
  expect(at(turned, { mark: 'undo-begun', step: 2 }, { mark: 'undone', step: 2 })).toMatchObject({
    step: 1,
  })
})
