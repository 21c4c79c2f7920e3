import type { Random } from './random.ts'

const METHODS = ['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'FOO', 'get'] as const
const TARGETS = [
  '/',
  '/a?b=c',
  '//x/../y',
  '/%0d%0a',
  '*',
  'http://a/x',
  'HTTP://a',
  'a',
  '/x#y',
] as const
const VERSIONS = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/1.2',
  'HTTP/2.0',
  'http/1.1',
  '',
] as const
const HOSTS = [
  'Host: a',
  'Host: a',
  'Host: a',
  'Host:a:80',
  'host: [::1]',
  'Host: a b',
  'Host:',
  'X: y',
] as const
const FIELDS = [
  'A: b',
  'B:',
  'X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'C: \u00e9\u008d\u00ba\u0085',
  'Connection: close',
  'Connection: keep-alive',
  'Connection: x, y ,,z',
  'Cookie: a=b; c=d',
  'Accept:*/*',
  'Expect: 100-continue',
  'X_Y: z',
  'Content_Length: 3',
  '__proto__: x',
  'Trailer: X-Sum',
  'TE: trailers',
  'Host: b',
] as const
const LENGTHS = [
  '0',
  '1',
  '5',
  '05',
  '+5',
  '5, 5',
  '0x5',
  '-1',
  '5 ',
  '\u000b5',
  '99999999999999999999',
  '',
] as const
const CODINGS = [
  'chunked',
  'chunked',
  'Chunked',
  'gzip, chunked',
  ',chunked',
  'chunked,',
  'xchunked',
  '"chunked"',
  'identity',
  '\u000bchunked',
  'chunked ',
  '',
] as const

/** Ways to write the size N of a chunk. */
const SIZES = ['N', '0N', '000N', ' N', 'N ', 'N\t', '0xN', '+N', '-N', 'N.0'] as const

/** A request: nearly always sound, now and then with one thing in it that is doubtful. */
export function makeRequest(random: Random): string {
  const doubtful = random.onceIn(2)
  const method = doubtful ? random.of(METHODS) : random.of(['GET', 'POST', 'PUT', 'DELETE'])
  const target = doubtful && random.onceIn(2) ? random.of(TARGETS) : random.of(['/', '/a?b=c'])
  const version = doubtful && random.onceIn(4) ? random.of(VERSIONS) : 'HTTP/1.1'
  const lines = [`${method} ${target} ${version}`]
  lines.push(doubtful && random.onceIn(3) ? random.of(HOSTS) : 'Host: a')
  lines.push(
    ...random.some(0, 3, () => (doubtful ? random.of(FIELDS) : random.of(['A: b', 'B:c ']))),
  )
  const body = bodyFor(random, lines, doubtful)
  const before = random.onceIn(8) ? '\r\n'.repeat(1 + random.below(2)) : ''
  return `${before}${lines.map((line) => `${line}\r\n`).join('')}\r\n${body}`
}

/** Says in `lines` how the body is framed, and returns it. */
export function bodyFor(random: Random, lines: string[], doubtful: boolean): string {
  switch (random.below(doubtful ? 5 : 3)) {
    case 0:
      return ''
    case 1: {
      const body = contentOf(random)
      lines.push(`Content-Length: ${body.length}`)
      return body
    }
    case 2:
      lines.push('Transfer-Encoding: chunked')
      return chunksOf(random, doubtful)
    case 3:
      lines.push(`Content-Length: ${random.of(LENGTHS)}`)
      return 'hello'
    default:
      lines.push(`Transfer-Encoding: ${random.of(CODINGS)}`)
      if (random.onceIn(2)) lines.push(`Content-Length: ${random.of(LENGTHS)}`)
      return chunksOf(random, doubtful)
  }
}

/** Content that looks like something else wherever it is read from. */
function contentOf(random: Random): string {
  return random.of([
    '',
    'x',
    'hello',
    '0\r\n\r\n',
    'GET /in HTTP/1.1\r\nHost: a\r\n\r\n',
    '\u0000\u00ff\r',
    '5\r\n',
  ])
}

function chunksOf(random: Random, doubtful: boolean): string {
  const chunk = (): string => {
    const content = contentOf(random) || 'x'
    const size = content.length.toString(16)
    const sized = doubtful && random.onceIn(2) ? random.of(SIZES).replace('N', size) : size
    const extension =
      doubtful && random.onceIn(3) ? random.of([';', ';a', ';a=b', ';a="b c"', ';\u00e9']) : ''
    return `${sized}${extension}\r\n${content}\r\n`
  }
  const trailer =
    doubtful && random.onceIn(3) ? random.of(['A: b', 'X-Sum:', 'a:b', 'Content-Length: 5']) : ''
  const last = doubtful ? random.of(['0', '0', '00', '0;x']) : '0'
  return `${random.some(0, 3, chunk).join('')}${last}\r\n${trailer && `${trailer}\r\n`}\r\n`
}
