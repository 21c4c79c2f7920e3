/** `more` behind `before`, copied only when there is something before it. */
export function joined(before: Buffer | undefined, more: Buffer): Buffer {
  return before === undefined ? more : Buffer.concat([before, more])
}

/** What is left from `at`; `undefined` when nothing is. */
export function restOf(bytes: Buffer, at: number): Buffer | undefined {
  return at < bytes.length ? bytes.subarray(at) : undefined
}
