import { isTrailerLine } from '../http1/trailer-line.ts'

/** A value with one of these would be more than one line, or end early. */
const BREAKS = /[\0\r\n]/
/** Of RFC 9110 §5.6.2, in lower case as RFC 9113 §8.2.1 asks for. */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/

/** This field of HTTP/2 as a line of HTTP/1; `undefined` when it cannot be one (RFC 9113 §8.2.1, §10.3). */
export function fieldLine(name: string, value: string): string | undefined {
  return NAME.test(name) && !BREAKS.test(value) ? `${name}: ${value}\r\n` : undefined
}

/** Trailers as lines; what may not be one is left out (RFC 9110 §6.5.1). `pairs` are names and values in turn. */
export function trailerLines(pairs: readonly string[]): string {
  let lines = ''
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const line = fieldLine(pairs[at] ?? '', pairs[at + 1] ?? '')
    if (line !== undefined && isTrailerLine(line.slice(0, -2))) lines += line
  }
  return lines
}
