import { newFieldLine, readFieldLine, valueOf } from '../http1/field-line.ts'

/**
 * Field lines as HTTP/2 carries them: names in lower case, each followed by its value, one after the other. What is
 * for one hop of HTTP/1 only is left out (RFC 9113 §8.2.2).
 */
export function fieldPairs(lines: string): string[] {
  const pairs: string[] = []
  const line = newFieldLine()
  for (let at = 0; at >= 0 && at < lines.length;) {
    at = readFieldLine(lines, at, line)
    if (at >= 0 && !isForOneHop(line.name)) pairs.push(line.name, valueOf(lines, line))
  }
  return pairs
}

/** The same as an object, for trailers: a name that comes again has a list of values. */
export function fieldsByName(lines: string): Record<string, string[]> {
  const pairs = fieldPairs(lines)
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const [name = '', value = ''] = [pairs[at], pairs[at + 1]]
    ;(fields[name] ??= []).push(value)
  }
  return fields
}

function isForOneHop(name: string): boolean {
  switch (name) {
    case 'connection':
    case 'upgrade':
    case 'http2-settings':
    case 'keep-alive':
    case 'proxy-connection':
    case 'transfer-encoding':
    case 'te':
      return true
    default:
      return false
  }
}
