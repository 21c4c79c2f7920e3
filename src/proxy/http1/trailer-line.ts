import { isToken } from './field-line.ts'

/** Fields that say where a message ends or goes must not come after it (RFC 9110 §6.5.1). */
const FORBIDDEN = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export function isTrailerLine(line: string): boolean {
  const name = line.slice(0, Math.max(0, line.indexOf(':')))
  return isToken(name) && !isForbidden(name.toLowerCase().replaceAll('_', '-'))
}

function isForbidden(name: string): boolean {
  return FORBIDDEN.has(name) || name.startsWith('x-forwarded-')
}
