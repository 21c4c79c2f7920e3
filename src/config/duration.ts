const MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const

/** The longest duration there is: Node's timers end at 2³¹−1 ms, a little under 25 days. */
export const LONGEST_MS: number = 24 * MS.d

/** Reads `30s`, `500ms`, `1h`, `1m30s`, `365d` as milliseconds: whole numbers, largest unit first. `undefined` when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text.trim())
  if (!match || text.trim() === '') return undefined
  const [, d = 0, h = 0, m = 0, s = 0, ms = 0] = match.map((part: string | undefined) =>
    Number(part ?? 0),
  )
  const sum = d * MS.d + h * MS.h + m * MS.m + s * MS.s + ms
  return Number.isSafeInteger(sum) ? sum : undefined
}

/** The shortest text that `parseDuration` reads as these milliseconds: 90 000 is `1m30s`, 0 is `0s`. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms)
  let text = ''
  for (const [unit, size] of Object.entries(MS)) {
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text || '0s'
}
