const MEBIBYTE = 2 ** 20

/** For people: `48 MiB`. */
export function inMebibytes(bytes: number): string {
  return `${Math.ceil(bytes / MEBIBYTE)} MiB`
}
