import { expect, it } from 'vitest'
import type { WindowQuestion } from '../../../core/gate.ts'
import { occasion } from '../../../../test/contract/gate.ts'
import { windowGate } from './window-gate.ts'

const WORK = { days: [1, 2, 3, 4], from: 9 * 60, to: 16 * 60, zone: 'Europe/Berlin' }
const NIGHT = { days: [5], from: 22 * 60, to: 4 * 60, zone: 'UTC' }
const HOLIDAYS = { from: '2026-12-20', to: '2027-01-02', zone: 'Europe/Berlin', why: 'holidays' }

const at = async (moment: string, question: Partial<WindowQuestion>) => {
  const gate = windowGate({ now: () => Date.parse(moment) })
  return gate.ask({ kind: 'window', windows: [], freezes: [], ...question }, occasion, {})
}
const until = (moment: string, why: string) => ({ kind: 'later', why, untilMs: Date.parse(moment) })

it('is open within a window, by the wall clock of its zone', async () => {
  expect(await at('2026-11-23T08:00Z', { windows: [WORK] })).toEqual({ kind: 'yes' })
  expect(await at('2026-11-23T14:59:59Z', { windows: [WORK] })).toEqual({ kind: 'yes' })
})

it.each([
  ['2026-11-23T07:59:59Z', '2026-11-23T08:00Z', 'Mon 2026-11-23 09:00 Europe/Berlin'],
  ['2026-11-23T15:00Z', '2026-11-24T08:00Z', 'Tue 2026-11-24 09:00 Europe/Berlin'],
  // Over the weekend.
  ['2026-11-26T15:00Z', '2026-11-30T08:00Z', 'Mon 2026-11-30 09:00 Europe/Berlin'],
  // Into and out of summer time: nine o'clock is another moment.
  ['2026-03-26T15:00Z', '2026-03-30T07:00Z', 'Mon 2026-03-30 09:00 Europe/Berlin'],
  ['2026-10-22T14:00Z', '2026-10-26T08:00Z', 'Mon 2026-10-26 09:00 Europe/Berlin'],
])('at %s says until when it is closed', async (now, open, words) => {
  const expected = until(open, `outside its windows until ${words}`)
  expect(await at(now, { windows: [WORK] })).toEqual(expected)
})

it('goes over midnight where a window ends before it begins', async () => {
  for (const open of ['2026-11-27T22:00Z', '2026-11-28T03:59Z'])
    expect(await at(open, { windows: [NIGHT] })).toEqual({ kind: 'yes' })
  for (const closed of ['2026-11-27T21:59Z', '2026-11-28T04:00Z', '2026-11-27T03:00Z'])
    expect(await at(closed, { windows: [NIGHT] })).toMatchObject({ kind: 'later' })
})

it('is open in any of several windows', async () => {
  const windows = [WORK, NIGHT]
  expect(await at('2026-11-27T23:00Z', { windows })).toEqual({ kind: 'yes' })
  expect(await at('2026-11-27T12:00Z', { windows })).toMatchObject({
    untilMs: Date.parse('2026-11-27T22:00Z'),
  })
})

it('is closed in a freeze, from its first minute to its last, and tells why', async () => {
  const freezes = [HOLIDAYS]
  expect(await at('2026-12-19T22:59Z', { freezes })).toEqual({ kind: 'yes' })
  const words = 'frozen (holidays) until Sun 2027-01-03 00:00 Europe/Berlin'
  const expected = until('2027-01-02T23:00Z', words)
  expect(await at('2026-12-19T23:00Z', { freezes })).toEqual(expected)
  expect(await at('2027-01-02T22:59Z', { freezes })).toEqual(expected)
  expect(await at('2027-01-02T23:00Z', { freezes })).toEqual({ kind: 'yes' })
})

it.each([
  // A short window, at an odd minute, in a zone that is not whole hours away.
  [{ days: [3], from: 617, to: 620, zone: 'Asia/Kathmandu' }, '2026-11-25T04:32Z'],
  // Half past two does not come on the day when the clock goes from two to three: the window opens at three.
  [
    { days: [0], from: 150, to: 240, zone: 'Europe/Berlin' },
    '2026-03-29T01:00Z',
    '2026-03-28T12:00Z',
  ],
])('finds the minute in which %j opens', async (window, open, now = '2026-11-22T00:00Z') => {
  expect(await at(now, { windows: [window] })).toMatchObject({ untilMs: Date.parse(open) })
})

it('finds the end of a freeze on the day when the clock is set forward', async () => {
  const freezes = [{ from: '2026-03-01', to: '2026-03-29', zone: 'Europe/Berlin' }]
  expect(await at('2026-03-10T12:34Z', { freezes })).toMatchObject({
    untilMs: Date.parse('2026-03-29T22:00Z'),
  })
})

it('waits for the first window after a freeze', async () => {
  const answer = await at('2026-12-21T10:00Z', { windows: [WORK], freezes: [HOLIDAYS] })
  expect(answer).toMatchObject({ untilMs: Date.parse('2027-01-04T08:00Z') })
})

it('promises no moment when none is near', async () => {
  const freezes = [{ from: '2026-01-01', to: '2036-01-01', zone: 'UTC' }]
  expect(await at('2026-06-01T00:00Z', { freezes })).toEqual({
    kind: 'none',
    why: 'frozen, and no window comes after it',
  })
})
