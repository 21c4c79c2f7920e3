const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}

/** Reads `64MiB`, `32KiB`, `500kB` as bytes (IEC 80000-13: KiB is 1024, kB is 1000). `undefined` when it is no size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)\s*([A-Za-z]+)$/.exec(text.trim())
  const unit = BYTES[match?.[2] ?? '']
  if (unit === undefined) return undefined
  const bytes = Number(match?.[1]) * unit
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** The largest binary unit that needs no fraction: 65 536 is `64KiB`, 1 000 is `1000B`. */
export function formatSize(bytes: number): string {
  const unit = ['GiB', 'MiB', 'KiB'].find((name) => bytes > 0 && bytes % (BYTES[name] ?? 1) === 0)
  return unit ? `${bytes / (BYTES[unit] ?? 1)}${unit}` : `${bytes}B`
}
