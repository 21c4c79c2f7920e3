import type { Freeze, TimeWindow, WindowQuestion } from '../../../core/gate.ts'
import { type LocalTime, localTimeIn } from './local-time.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A freeze of a year, and the week in which a window must come. */
const FAR_MS = 380 * 24 * HOUR_MS

/** Why a rollout may not go on now. */
export interface Closure {
  readonly freeze?: Freeze
  /** The first minute in which it may; unset: in none that is worth waiting for. */
  readonly untilMs?: number
}

type Shut = (ms: number) => { readonly freeze?: Freeze } | undefined

/** `undefined` when it is open at this moment. */
export function closureAt(question: WindowQuestion, nowMs: number): Closure | undefined {
  const shut = shutBy(question)
  const closed = shut(nowMs)
  if (!closed) return undefined
  const untilMs = nextOpen(shut, nowMs)
  return { ...closed, ...(untilMs !== undefined && { untilMs }) }
}

/** Looks ahead minute by minute in a week, and hour by hour in a freeze, which begins and ends with a day. */
function nextOpen(shut: Shut, nowMs: number): number | undefined {
  let at = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS
  while (at < nowMs + FAR_MS) {
    const closed = shut(at)
    if (!closed) return at
    const isLong = closed.freeze !== undefined && shut(at + HOUR_MS)?.freeze !== undefined
    at += isLong ? HOUR_MS : MINUTE_MS
  }
  return undefined
}

function shutBy({ windows, freezes }: WindowQuestion): Shut {
  const clocks = new Map(
    [...windows, ...freezes].map(({ zone }) => [zone, localTimeIn(zone)] as const),
  )
  const timeIn = (zone: string, ms: number) => clocks.get(zone)?.(ms)
  return (ms) => {
    const freeze = freezes.find((each) => isFrozen(each, timeIn(each.zone, ms)))
    if (freeze) return { freeze }
    const isOpen =
      windows.length === 0 || windows.some((each) => isWithin(each, timeIn(each.zone, ms)))
    return isOpen ? undefined : {}
  }
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
