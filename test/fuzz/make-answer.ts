import { bodyFor } from './make-request.ts'
import type { Random } from './random.ts'

const STATUSES = [
  '200 OK',
  '204 No Content',
  '304 Not Modified',
  '404',
  '500 ',
  '100 Continue',
  '103 Hi',
  '101 Go',
  '99 X',
  '2000 Y',
  '600 Z',
] as const
const VERSIONS = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/1.2', 'HTTP/2'] as const
const FIELDS = [
  'A: b',
  'Set-Cookie: a=b',
  'Connection: close',
  'Connection: keep-alive',
  'Keep-Alive: timeout=5',
  'Upgrade: x',
  'C: \u00e9\u008d\u00ba',
  'X_Y: z',
  'B : c',
] as const

/** An answer: nearly always sound, now and then with one thing in it that is doubtful; perhaps with 1xx before it. */
export function makeAnswer(random: Random): string {
  const doubtful = random.onceIn(2)
  const early = random.onceIn(6)
    ? `HTTP/1.1 ${random.of(['100 Continue', '103 Hi'])}\r\nLink: x\r\n\r\n`
    : ''
  const version = doubtful && random.onceIn(3) ? random.of(VERSIONS) : 'HTTP/1.1'
  const status = doubtful ? random.of(STATUSES) : random.of(['200 OK', '404 Not Found'])
  const lines = [`${version} ${status}`]
  lines.push(
    ...random.some(0, 3, () => (doubtful ? random.of(FIELDS) : random.of(['A: b', 'B:c ']))),
  )
  const body = bodyFor(random, lines, doubtful)
  return early + lines.map((line) => `${line}\r\n`).join('') + '\r\n' + body
}
