import { fieldIn } from './field-in.ts'

/**
 * The values of all cookies with this name, in the order they came: a client that has several under different paths
 * sends each (RFC 6265 §5.4). They may stand in several Cookie lines (RFC 9113 §8.2.3).
 */
export function cookiesIn(lines: string, name: string): readonly string[] {
  const all = fieldIn(lines, 'cookie', '; ')
  if (all === undefined || !all.includes(name)) return []
  const begin = `${name}=`
  return all
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(begin))
    .map((pair) => pair.slice(begin.length))
}
