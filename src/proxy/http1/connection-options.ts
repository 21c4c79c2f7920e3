import { isToken } from './field-line.ts'

/** What a Connection field says (RFC 9110 §7.6.1). */
export interface ConnectionOptions {
  readonly close: boolean
  readonly keepAlive: boolean
  readonly upgrade: boolean
  /** Other fields that are meant for this hop only, in lower case. */
  readonly named: readonly string[]
}

const NOTHING: ConnectionOptions = { close: false, keepAlive: false, upgrade: false, named: [] }
const KEEP_ALIVE: ConnectionOptions = { ...NOTHING, keepAlive: true }
const CLOSE: ConnectionOptions = { ...NOTHING, close: true }
const UPGRADE: ConnectionOptions = { ...NOTHING, upgrade: true }

/** A stranger must not be able to strip these by naming them. */
const KEPT = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'expect',
  'cookie',
  'authorization',
])

/** `undefined` when it is not a list of tokens. */
export function parseConnection(value: string | undefined): ConnectionOptions | undefined {
  if (value === undefined) return NOTHING
  const lower = value.toLowerCase()
  if (lower === 'keep-alive') return KEEP_ALIVE
  if (lower === 'close') return CLOSE
  if (lower === 'upgrade') return UPGRADE
  // No pattern with blanks in it: a line of nothing but blanks would be tried from each of them.
  const options = lower
    .split(',')
    .map(withoutBlanks)
    .filter((option) => option !== '')
  if (!options.every(isToken)) return undefined
  return {
    close: options.includes('close'),
    keepAlive: options.includes('keep-alive'),
    upgrade: options.includes('upgrade'),
    named: options.filter((option) => !(KEPT.has(option) || option.startsWith('x-forwarded-'))),
  }
}

function withoutBlanks(option: string): string {
  return option.replace(/^[ \t]+/, '').trimEnd()
}

/** The lines of `fields` but those whose names are in `names`. */
export function withoutFields(fields: string, names: readonly string[]): string {
  if (names.length === 0) return fields
  return fields
    .split(/(?<=\r\n)/)
    .filter((line) => !names.includes(line.slice(0, line.indexOf(':')).toLowerCase()))
    .join('')
}
