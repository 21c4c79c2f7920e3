/** What a wall clock in a time zone shows. */
export interface LocalTime {
  /** `2026-12-20`. */
  readonly date: string
  /** 0 is Sunday. */
  readonly day: number
  /** Since midnight. */
  readonly minute: number
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Reads the wall clock of this zone at any moment. Throws a RangeError for a zone that there is not. */
export function localTimeIn(zone: string): (ms: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  return (ms) => {
    const parts = format.formatToParts(ms).map(({ type, value }) => [type, value])
    const of = Object.fromEntries(parts) as Readonly<Record<string, string>>
    return {
      date: `${of['year']}-${of['month']}-${of['day']}`,
      day: DAYS.indexOf(of['weekday'] ?? ''),
      minute: Number(of['hour']) * 60 + Number(of['minute']),
    }
  }
}
