import type { Answer } from './answer.ts'

/** A period of a prime number of bytes, so that a lost, doubled or moved piece shows. */
const PERIOD = 89
const FIRST = 33
const BYTES = Buffer.from(Array.from({ length: 1_024 * 1_024 }, (_, at) => FIRST + (at % PERIOD)))

/** `length` bytes of the pattern, up to half a MiB; each `n` up to 88 gives other ones. */
export function pattern(length: number, n = 0): Buffer {
  const from = n % PERIOD
  return BYTES.subarray(from, from + length)
}

/** What is wrong with an answer that should hold `length` bytes of the pattern. */
export function patternFault(answer: Answer, length: number): string | undefined {
  if (answer.status !== 200) return `answered ${answer.status}`
  if (answer.bytes !== length) return `${answer.bytes} bytes came, not ${length}`
  return answer.body.equals(pattern(length)) ? undefined : 'the bytes that came are not those sent'
}
