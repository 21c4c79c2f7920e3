/**
 * Times, counted in buckets that grow with them. In units of 1/128 ms, bucket 0 to 7 hold one unit each; from there
 * each doubling is cut into 8 equal buckets: a time of `u` units with `e = floor(log2 u)` is in bucket
 * `8 * (e - 2) + floor(u / 2^(e - 3)) - 8`. So a bucket is never wider than an eighth of its least time, and the time
 * told for it is wrong by at most 1/17 (5.9 %). From 131 s on all are in the last one.
 */
export const BUCKETS = 176

/** Compact: a bucket, how many are in it, the next bucket that is not empty, how many, and so on; buckets ascend. */
export type Histogram = readonly number[]

const UNITS_PER_MS = 128
const MOST_UNITS = 2 ** 24

export function bucketOf(ms: number): number {
  const units = ms * UNITS_PER_MS
  if (units >= MOST_UNITS) return BUCKETS - 1
  const whole = units > 0 ? units | 0 : 0
  if (whole < 8) return whole
  const doubling = 31 - Math.clz32(whole)
  return ((doubling - 2) << 3) + ((whole >>> (doubling - 3)) & 7)
}

/** The time told for all in this bucket: the one that is wrong by the same share at both of its ends. */
export function msOf(bucket: number): number {
  const [least, above] = [leastUnits(bucket), leastUnits(bucket + 1)]
  const middle = least === 0 ? above / 2 : (2 * least * above) / (least + above)
  return middle / UNITS_PER_MS
}

export function sizeOf(histogram: Histogram): number {
  let size = 0
  for (let at = 1; at < histogram.length; at += 2) size += histogram[at] ?? 0
  return size
}

/** The time in milliseconds within which this share (0 to 1) of all is; `undefined` when there are none. */
export function percentileOf(histogram: Histogram, share: number): number | undefined {
  let left = Math.max(1, Math.ceil(sizeOf(histogram) * share))
  for (let at = 0; at + 1 < histogram.length; at += 2) {
    left -= histogram[at + 1] ?? 0
    if (left <= 0) return msOf(histogram[at] ?? 0)
  }
  return undefined
}

/** All of them in one. */
export function mergedOf(histograms: readonly Histogram[]): Histogram {
  const counts = new Float64Array(BUCKETS)
  for (const histogram of histograms) addTo(counts, histogram)
  return compactOf(counts)
}

/** Adds what is in `histogram` to `counts`, which has a place for each bucket. */
export function addTo(counts: Float64Array, histogram: Histogram): void {
  for (let at = 0; at + 1 < histogram.length; at += 2) {
    const bucket = histogram[at] ?? 0
    counts[bucket] = (counts[bucket] ?? 0) + (histogram[at + 1] ?? 0)
  }
}

export function compactOf(counts: ArrayLike<number>): Histogram {
  const compact: number[] = []
  for (let bucket = 0; bucket < counts.length; bucket += 1) {
    const count = counts[bucket] ?? 0
    if (count > 0) compact.push(bucket, count)
  }
  return compact
}

function leastUnits(bucket: number): number {
  return bucket < 8 ? bucket : (8 + (bucket & 7)) * 2 ** ((bucket >> 3) - 1)
}
