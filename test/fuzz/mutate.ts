import type { Random } from './random.ts'

const INSERTS = [
  '\r',
  '\n',
  '\r\n',
  ' ',
  '\t',
  '\u0000',
  '\u000b',
  '\u000c',
  '\u0085',
  '\u00a0',
  '0',
  ':',
  ',',
  ';',
  '_',
  '\r\n ',
  '\r\n\t',
  '0\r\n\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
] as const

/** The same text with a few places changed: characters in and out, lines twice or gone, line ends of other kinds. */
export function mutate(random: Random, text: string): string {
  let changed = text
  for (let left = 1 + random.below(3); left > 0; left -= 1) changed = changeOnce(random, changed)
  return changed
}

function changeOnce(random: Random, text: string): string {
  const at = random.below(text.length + 1)
  switch (random.below(7)) {
    case 0:
      return text.slice(0, at) + random.of(INSERTS) + text.slice(at)
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random.below(3))
    case 2:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1)
    case 3:
      return onLines(text, random, (line) => [line, line])
    case 4:
      return onLines(text, random, () => [])
    case 5:
      return onLines(text, random, (line) => [
        line.replace('\r\n', random.of(['\n', '\r', '\r\r\n'])),
      ])
    default:
      return onLines(text, random, (line) => [
        line.replace(':', random.of([' :', '\t:', ': ', ':\t', ':\u000b'])),
      ])
  }
}

/** Replaces one line. */
function onLines(text: string, random: Random, change: (line: string) => string[]): string {
  const lines = text.split(/(?<=\r\n)/)
  const at = random.below(lines.length)
  lines.splice(at, 1, ...change(lines[at] ?? ''))
  return lines.join('')
}
