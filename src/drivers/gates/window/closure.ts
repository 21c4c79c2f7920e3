import type { Freeze, TimeWindow, WindowQuestion } from '../../../core/gate.ts'
import { type LocalTime, localTimeIn } from './local-time.ts'

const MINUTE_MS = 60_000
const HALF_HOUR_MS = 30 * MINUTE_MS
const DAY_MINUTES = 1_440
/** A freeze of a year, and the week in which a window must come. */
const FAR_MS = 380 * DAY_MINUTES * MINUTE_MS

/** Why a rollout may not go on now. */
export interface Closure {
  readonly freeze?: Freeze
  /** The first minute in which it may; unset: in none that is worth waiting for. */
  readonly untilMs?: number
}

/** Why it is closed at a moment, and for how long it surely stays so. */
interface Shut extends Pick<Closure, 'freeze'> {
  readonly leastMs: number
}

/** `undefined` when it is open at this moment. */
export function closureAt(question: WindowQuestion, nowMs: number): Closure | undefined {
  const shutAt = calendarOf(question)
  const shut = shutAt(nowMs)
  if (!shut) return undefined
  const untilMs = nextOpen(shutAt, nowMs)
  return { ...(shut.freeze && { freeze: shut.freeze }), ...(untilMs !== undefined && { untilMs }) }
}

function nextOpen(shutAt: (ms: number) => Shut | undefined, nowMs: number): number | undefined {
  let at = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS
  while (at < nowMs + FAR_MS) {
    const shut = shutAt(at)
    if (!shut) return at
    at += shut.leastMs
  }
  return undefined
}

function calendarOf({ windows, freezes }: WindowQuestion): (ms: number) => Shut | undefined {
  const clocks = new Map(
    [...windows, ...freezes].map(({ zone }) => [zone, localTimeIn(zone)] as const),
  )
  return (ms) => {
    const times = new Map([...clocks].map(([zone, clock]) => [zone, clock(ms)] as const))
    const freeze = freezes.find((each) => isFrozen(each, times.get(each.zone)))
    if (freeze) return { freeze, leastMs: untilMidnight(ms, times.get(freeze.zone)) }
    const isOpen =
      windows.length === 0 || windows.some((each) => isWithin(each, times.get(each.zone)))
    if (isOpen) return undefined
    const begins = windows.map(({ from, zone }) => minutesTo(from, times.get(zone)) * MINUTE_MS)
    return { leastMs: Math.min(...begins, toHalfHour(ms)) }
  }
}

/** Clocks are set at a full or a half hour: up to there, wall clocks run as others do. */
function toHalfHour(ms: number): number {
  return HALF_HOUR_MS - (ms % HALF_HOUR_MS)
}

/** A freeze ends with a day. Its last hour is walked in half ones, lest a clock that is set forward is missed. */
function untilMidnight(ms: number, local: LocalTime | undefined): number {
  const surely = (minutesTo(0, local) - 60) * MINUTE_MS
  return Math.max(surely, toHalfHour(ms))
}

function minutesTo(minute: number, local: LocalTime | undefined): number {
  const left = (minute - (local?.minute ?? 0) + DAY_MINUTES) % DAY_MINUTES
  return left === 0 ? DAY_MINUTES : left
}

/** Dates of four, two and two digits compare as text. */
function isFrozen({ from, to }: Freeze, local: LocalTime | undefined): boolean {
  return local !== undefined && from <= local.date && local.date <= to
}

function isWithin({ days, from, to }: TimeWindow, local: LocalTime | undefined): boolean {
  if (!local) return false
  const { day, minute } = local
  if (from < to) return days.includes(day) && from <= minute && minute < to
  const yesterday = (day + 6) % 7
  return (days.includes(day) && minute >= from) || (days.includes(yesterday) && minute < to)
}
